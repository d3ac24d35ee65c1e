import torch
import torch.nn as nn
from torch.utils.data import DataLoader, Dataset

CLS, SEP, PAD = 1, 2, 0
VOCAB = 90


class SentencePairs(Dataset):
    def __init__(self, n=12, seq_len=16):
        self.n, self.seq_len = n, seq_len

    def __len__(self):
        return self.n

    def __getitem__(self, i):
        g = torch.Generator().manual_seed(i)
        t1 = [CLS] + torch.randint(3, VOCAB, (5,), generator=g).tolist() + [SEP]
        t2 = torch.randint(3, VOCAB, (6,), generator=g).tolist() + [SEP]
        segment = ([1] * len(t1) + [2] * len(t2))[: self.seq_len]
        ids = (t1 + t2)[: self.seq_len]
        padding = [PAD] * (self.seq_len - len(ids))
        return torch.tensor(ids + padding), torch.tensor(segment + padding), torch.tensor(i % 2)


class BERTEmbedding(nn.Module):
    def __init__(self, vocab_size, embed_size, max_len=64, n_segments=3, dropout=0.1):
        super().__init__()
        self.token = nn.Embedding(vocab_size, embed_size, padding_idx=PAD)
        self.segment = nn.Embedding(n_segments, embed_size, padding_idx=PAD)
        self.position = nn.Embedding(max_len, embed_size)
        self.dropout = nn.Dropout(dropout)

    def forward(self, sequence, segment_label):
        pos = torch.arange(sequence.size(1), device=sequence.device)
        return self.dropout(self.token(sequence) + self.position(pos) + self.segment(segment_label))


class BertForNSP(nn.Module):
    def __init__(self, vocab=VOCAB, hidden=32, layers=2, heads=4):
        super().__init__()
        self.embedding = BERTEmbedding(vocab, hidden)
        layer = nn.TransformerEncoderLayer(hidden, heads, hidden * 4, batch_first=True)
        self.encoder = nn.TransformerEncoder(layer, layers)
        self.nsp = nn.Linear(hidden, 2)

    def forward(self, ids, segments):
        h = self.encoder(self.embedding(ids, segments), src_key_padding_mask=ids == PAD)
        return self.nsp(h[:, 0])


def main():
    model = BertForNSP()
    opt = torch.optim.Adam(model.parameters(), lr=1e-4)
    for ids, seg, is_next in DataLoader(SentencePairs(), batch_size=4):
        loss = nn.functional.cross_entropy(model(ids, seg), is_next)
        opt.zero_grad()
        loss.backward()
        opt.step()


if __name__ == "__main__":
    main()
