"""A tagger: bidirectional LSTM over packed sequences, ignore_index for the filling, k-fold with a fresh model for each fold."""

import torch
from torch import nn
from torch.nn.utils.rnn import pack_padded_sequence, pad_packed_sequence, pad_sequence
from torch.utils.data import DataLoader, Subset


class Tagger(nn.Module):
    def __init__(self, words=50, tags=4):
        super().__init__()
        self.emb = nn.Embedding(words, 16, padding_idx=0)
        self.lstm = nn.LSTM(16, 16, batch_first=True, bidirectional=True)
        self.out = nn.Linear(32, tags)

    def forward(self, ids, lengths):
        packed = pack_padded_sequence(self.emb(ids), lengths, batch_first=True, enforce_sorted=False)
        y, _ = pad_packed_sequence(self.lstm(packed)[0], batch_first=True)
        return self.out(y)


def collate(items):
    ids, tags = zip(*items, strict=True)
    lengths = torch.tensor([len(i) for i in ids])
    return (
        pad_sequence(ids, batch_first=True),
        pad_sequence(tags, batch_first=True, padding_value=-100),
        lengths,
    )


torch.manual_seed(0)
data = []
for _ in range(120):
    ids = torch.randint(1, 50, (int(torch.randint(4, 12, ())),))
    data.append((ids, ids % 4))
folds = torch.randperm(120).chunk(3)
for k, held in enumerate(folds):
    rest = torch.cat([f for j, f in enumerate(folds) if j != k])
    model = Tagger()
    opt = torch.optim.Adam(model.parameters(), lr=5e-3)
    loss_fn = nn.CrossEntropyLoss(ignore_index=-100)
    train = DataLoader(Subset(data, rest.tolist()), 16, shuffle=True, collate_fn=collate)
    for ids, tags, lengths in train:
        loss = loss_fn(model(ids, lengths).permute(0, 2, 1), tags)
        opt.zero_grad()
        loss.backward()
        opt.step()
    model.eval()
    with torch.no_grad():
        hits = total = 0
        for ids, tags, lengths in DataLoader(Subset(data, held.tolist()), 40, collate_fn=collate):
            keep = tags != -100
            hits += (model(ids, lengths).argmax(-1)[keep] == tags[keep]).sum().item()
            total += keep.sum().item()
    print(k, loss.item(), hits / total)
