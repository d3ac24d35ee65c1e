import torch
from torch import nn


class StepLSTM(nn.Module):
    def __init__(self, n_in=6, n_hid=10):
        super().__init__()
        self.n_hid = n_hid
        self.cell = nn.LSTMCell(n_in, n_hid)
        self.out = nn.Linear(n_hid, 1)

    def forward(self, x):
        # x (batch, steps, features)
        h = torch.zeros(x.size(1), self.n_hid)
        c = torch.zeros(x.size(1), self.n_hid)
        for t in range(x.size(1)):
            h, c = self.cell(x[:, t], (h, c))
        return self.out(h)
