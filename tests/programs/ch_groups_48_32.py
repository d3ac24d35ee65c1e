import torch
from torch import nn


class ResNeXtBlock(nn.Module):
    def __init__(self, cin, cout, groups=32):
        super().__init__()
        self.reduce = nn.Conv2d(cin, cout, 1, bias=False)
        self.grouped = nn.Conv2d(cout, cout, 3, padding=1, groups=groups, bias=False)
        self.bn = nn.BatchNorm2d(cout)

    def forward(self, x):
        return torch.relu(self.bn(self.grouped(self.reduce(x))))


class Grouped(nn.Module):
    def __init__(self):
        super().__init__()
        self.block1 = ResNeXtBlock(3, 64)
        self.block2 = ResNeXtBlock(64, 48)

    def forward(self, x):
        return self.block2(self.block1(x)).mean((2, 3))
