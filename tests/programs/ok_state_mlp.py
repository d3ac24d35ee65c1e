import torch
from torch import nn


class AllStates(nn.Module):
    def __init__(self, feat=6, hid=10, layers=3):
        super().__init__()
        self.gru = nn.GRU(feat, hid, layers, batch_first=True)
        self.fc = nn.Linear(hid * layers, 2)

    def forward(self, x):
        _, h = self.gru(x)
        return self.fc(h.transpose(0, 1).flatten(1))
