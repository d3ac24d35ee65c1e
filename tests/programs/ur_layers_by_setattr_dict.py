import torch
from torch import nn


class MuReNNDirect(nn.Module):
    def __init__(self, *, J, Q, T=16):
        super().__init__()
        self.down = nn.AvgPool1d(2)
        convs = []
        for j in range(J):
            conv1d = nn.Conv1d(1, Q, T, bias=False, padding="same")
            conv1d.weight.data.normal_(0, 0.1)
            convs.append(conv1d)
        self.conv1d = convs
        self.J = J

    def forward(self, x):
        outs = []
        for j in range(self.J):
            outs.append(self.conv1d[j](x).abs().mean(-1))
            x = self.down(x)
        return torch.cat(outs, 1)
