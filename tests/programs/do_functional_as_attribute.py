import torch
import torch.nn as nn
import torch.nn.functional as F


class TextNet(nn.Module):
    def __init__(self, vocab=200, dim=24, classes=4):
        super().__init__()
        self.embed = nn.Embedding(vocab, dim, padding_idx=0)
        self.conv = nn.Conv1d(dim, 32, 3, padding=1)
        self.act = F.relu
        self.dropout = F.dropout
        self.fc = nn.Linear(32, classes)

    def forward(self, x):
        h = self.embed(x).transpose(1, 2)
        h = self.act(self.conv(h))
        h = h.max(dim=2)[0]
        h = self.dropout(h, 0.3)
        return self.fc(h)
