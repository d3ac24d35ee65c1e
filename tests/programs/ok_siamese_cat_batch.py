import torch
import torch.nn as nn


class Siamese(nn.Module):
    def __init__(self):
        super().__init__()
        self.trunk = nn.Sequential(nn.Conv2d(1, 8, 3, 2), nn.ReLU(), nn.Flatten(), nn.Linear(8 * 13 * 13, 16))

    def forward(self, a, b):
        both = self.trunk(torch.cat((a, b), 0))
        left, right = both.chunk(2)
        return (left - right).pow(2).sum(1)
