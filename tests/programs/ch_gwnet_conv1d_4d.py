import torch
import torch.nn as nn


class GatedTCN(nn.Module):
    """(batch, features, nodes, time)"""

    def __init__(self, in_dim=2, residual=8, dilation=8, out_dim=12):
        super().__init__()
        self.start_conv = nn.Conv2d(in_dim, residual, kernel_size=(1, 1))
        self.filter_conv = nn.Conv2d(residual, dilation, kernel_size=(1, 2), dilation=1)
        self.gate_conv = nn.Conv1d(residual, dilation, kernel_size=(1, 2), dilation=1)
        self.end_conv = nn.Conv2d(dilation, out_dim, kernel_size=(1, 12))

    def forward(self, x):
        x = self.start_conv(x)
        x = torch.tanh(self.filter_conv(x)) * torch.sigmoid(self.gate_conv(x))
        return self.end_conv(x)
