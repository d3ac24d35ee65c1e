import torch
from torch import nn


class Head(nn.Module):
    def __init__(self):
        super().__init__()
        self.lin = nn.Linear(40, 30)
        self.drop = nn.Dropout1d(0.5)
        self.cls = nn.Linear(30, 6)

    def forward(self, feats):
        h = self.drop(torch.relu(self.lin(feats)))
        return self.cls(h)
