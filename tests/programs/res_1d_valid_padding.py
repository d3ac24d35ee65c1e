import torch
from torch import nn


class TCNBlock(nn.Module):
    def __init__(self, cin=4, cout=12, k=3, dilation=2):
        super().__init__()
        self.conv = nn.Conv1d(cin, cout, k, dilation=dilation)
        self.relu = nn.ReLU()
        self.down = nn.Conv1d(cin, cout, 1) if cin != cout else None

    def forward(self, x):
        out = self.relu(self.conv(x))
        res = x if self.down is None else self.down(x)
        return self.relu(out + res)
