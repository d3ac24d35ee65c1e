import torch
import torch.nn as nn


class ScaleNet(nn.Module):
    def __init__(self, dim=12):
        super().__init__()
        self.conv = nn.Conv2d(3, dim, 3, padding=1)
        self.gamma = nn.Parameter(torch.ones(dim))
        self.head = nn.Conv2d(dim, 3, 1)

    def forward(self, x):
        skip = x
        x = self.conv(x) * self.gamma
        return skip + self.head(x)
