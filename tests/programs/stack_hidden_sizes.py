import torch
from torch import nn


class MultiScale(nn.Module):
    def __init__(self, cin=3, width=8):
        super().__init__()
        self.paths = nn.ModuleList([nn.Conv2d(cin, width, k, padding=1) for k in (1, 3, 5)])
        self.out = nn.Conv2d(width, 1, 1)

    def forward(self, x):
        y = torch.stack([path(x) for path in self.paths]).mean(0)
        return self.out(y)
