import torch
import torch.nn.functional as F
from torch import nn


class Functional(nn.Module):
    def __init__(self):
        super().__init__()
        self.kernel = nn.Parameter(torch.randn(6, 2, 3, 3))
        self.out = nn.Parameter(torch.randn(5, 6))

    def forward(self, x):
        h = F.relu(F.conv2d(x, self.kernel, padding=1))
        return F.linear(h.mean((-2, -1)), self.out)
