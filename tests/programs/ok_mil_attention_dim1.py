import torch
from torch import nn


class AttentionMIL(nn.Module):
    """bags of patches: (bag, patches, features)"""

    def __init__(self, features=64, hidden=16, classes=2):
        super().__init__()
        self.attention = nn.Sequential(nn.Linear(features, hidden), nn.Tanh(), nn.Linear(hidden, 1))
        self.classifier = nn.Linear(features, classes)

    def forward(self, bag):
        a = torch.softmax(self.attention(bag), dim=1)
        return self.classifier((a * bag).sum(1)), a
