import torch
import torch.nn as nn
import torch.nn.functional as F
from torch.nn.utils.rnn import pack_padded_sequence, pad_packed_sequence, pad_sequence


class ConvSubsample(nn.Module):
    def __init__(self, n_mels, out):
        super().__init__()
        self.conv = nn.Conv1d(n_mels, out, 3, stride=2, padding=1)

    def forward(self, x, x_lens):
        y = F.relu(self.conv(x.transpose(1, 2))).transpose(1, 2)
        return y, (x_lens - 1) // 2 + 1


class CRNNEncoder(nn.Module):
    def __init__(self, n_mels=40, rnn_size=64, n_layers=2, vocab=30):
        super().__init__()
        self.front = ConvSubsample(n_mels, rnn_size)
        self.rnns = nn.ModuleList([nn.GRU(rnn_size, rnn_size, batch_first=True) for _ in range(n_layers)])
        self.norms = nn.ModuleList([nn.LayerNorm(rnn_size) for _ in range(n_layers)])
        self.ctc = nn.Linear(rnn_size, vocab)

    def forward(self, x, x_lens):
        x, x_lens = self.front(x, x_lens)
        for rnn, norm in zip(self.rnns, self.norms):
            x = pack_padded_sequence(x, x_lens.cpu(), batch_first=True)
            x, _ = rnn(x)
            x, _ = pad_packed_sequence(x, batch_first=True)
            x = norm(x)
        return self.ctc(x), x_lens


def collate(batch):
    feats = [b[0] for b in batch]
    texts = [b[1] for b in batch]
    x_lens = torch.tensor([len(f) for f in feats])
    y_lens = torch.tensor([len(t) for t in texts])
    return pad_sequence(feats, batch_first=True), x_lens, pad_sequence(texts, batch_first=True), y_lens


def train():
    utterances = [(torch.randn(n, 40), torch.randint(1, 30, (m,))) for n, m in [(60, 5), (94, 9), (71, 6), (88, 8)]]
    model = CRNNEncoder()
    optim = torch.optim.AdamW(model.parameters(), 1e-3)
    loader = torch.utils.data.DataLoader(utterances, batch_size=2, collate_fn=collate)
    for feats, feat_lens, text, text_lens in loader:
        logits, out_lens = model(feats, feat_lens)
        logp = logits.log_softmax(2).transpose(0, 1)
        loss = F.ctc_loss(logp, text, out_lens, text_lens)
        optim.zero_grad()
        loss.backward()
        optim.step()
    return loss.item()


if __name__ == "__main__":
    print(train())
