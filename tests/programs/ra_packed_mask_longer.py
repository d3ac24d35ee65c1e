import torch
from torch import nn
from torch.nn.utils.rnn import pack_padded_sequence, pad_packed_sequence
from torch.utils.data import DataLoader, Dataset

MAX_LEN = 30
PAD = 0


class Clinical(Dataset):
    """notes, cut and padded to MAX_LEN"""

    def __init__(self, n=24):
        g = torch.Generator().manual_seed(3)
        self.lens = torch.randint(4, 22, (n,), generator=g)
        self.items = []
        for L in self.lens.tolist():
            ids = torch.full((MAX_LEN,), PAD)
            ids[:L] = torch.randint(1, 90, (L,), generator=g)
            self.items.append(ids)
        self.y = torch.randint(0, 3, (n,), generator=g)

    def __len__(self):
        return len(self.items)

    def __getitem__(self, i):
        return self.items[i], self.lens[i], self.y[i]


class AttnPoolGRU(nn.Module):
    def __init__(self, vocab=90, emb=20, hid=16, n_cls=3):
        super().__init__()
        self.emb = nn.Embedding(vocab, emb, padding_idx=PAD)
        self.gru = nn.GRU(emb, hid, batch_first=True, bidirectional=True)
        self.score = nn.Sequential(nn.Linear(2 * hid, hid), nn.Tanh(), nn.Linear(hid, 1))
        self.cls = nn.Linear(2 * hid, n_cls)

    def forward(self, ids, lengths):
        mask = ids != PAD
        x = self.emb(ids)
        packed = pack_padded_sequence(x, lengths.cpu(), batch_first=True, enforce_sorted=False)
        packed_out, _ = self.gru(packed)
        out, _ = pad_packed_sequence(packed_out, batch_first=True)
        scores = self.score(out).squeeze(-1)
        scores = scores.masked_fill(~mask, -1e9)
        alpha = torch.softmax(scores, dim=1)
        pooled = torch.bmm(alpha.unsqueeze(1), out).squeeze(1)
        return self.cls(pooled)


def train_epoch():
    loader = DataLoader(Clinical(), batch_size=8)
    model = AttnPoolGRU()
    optim = torch.optim.Adam(model.parameters())
    criterion = nn.CrossEntropyLoss()
    for ids, lengths, y in loader:
        optim.zero_grad()
        logits = model(ids, lengths)
        loss = criterion(logits, y)
        loss.backward()
        optim.step()


if __name__ == "__main__":
    train_epoch()
