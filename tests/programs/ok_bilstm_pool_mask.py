import torch
from torch import nn


class MeanBiLSTM(nn.Module):
    def __init__(self, vocab=50, emb=10, hid=12, classes=3):
        super().__init__()
        self.emb = nn.Embedding(vocab, emb, padding_idx=0)
        self.lstm = nn.LSTM(emb, hid, num_layers=2, bidirectional=True, batch_first=True, dropout=0.3)
        self.cls = nn.Linear(hid * 2, classes)

    def forward(self, ids):
        mask = (ids != 0).unsqueeze(-1)
        out, (h, c) = self.lstm(self.emb(ids))
        mean = (out * mask).sum(1) / mask.sum(1).clamp(min=1)
        last = torch.cat([h[-2], h[-1]], dim=1)
        return self.cls(mean + last)
