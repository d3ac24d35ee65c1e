import torch
import torch.nn as nn


class Block(nn.Module):
    def __init__(self, ni, nf, stride=1):
        super().__init__()
        self.conv1 = nn.Conv2d(ni, nf, 3, stride=stride, padding=1)
        self.conv2 = nn.Conv2d(nf, nf, 3, padding=1)
        self.act = nn.ReLU()
        self.idconv = nn.Identity() if ni == nf else nn.Conv2d(ni, nf, 1)

    def forward(self, x):
        return self.act(self.conv2(self.act(self.conv1(x))) + self.idconv(x))


class TinyRes(nn.Module):
    def __init__(self, classes=10):
        super().__init__()
        self.stem = nn.Conv2d(3, 8, 3, padding=1)
        self.blocks = nn.Sequential(Block(8, 8), Block(8, 16, stride=2), Block(16, 32, stride=2))
        self.head = nn.Linear(32, classes)

    def forward(self, x):
        return self.head(self.blocks(self.stem(x)).mean((2, 3)))
