import torch
from torch import nn


class RNNStep(nn.Module):
    def __init__(self, n_in, n_hid):
        super().__init__()
        self.i2h = nn.Linear(n_in + n_hid, n_hid)

    def forward(self, x, hidden):
        return torch.tanh(self.i2h(torch.cat((x, hidden), 1)))


class NameRNN(nn.Module):
    def __init__(self, n_in=27, n_hid=18, n_out=4):
        super().__init__()
        self.n_hid = n_hid
        self.step = RNNStep(n_in, n_hid)
        self.out = nn.Linear(n_hid, n_out)

    def forward(self, line):
        hidden = torch.zeros(line.size(1), self.n_hid)
        for letter in line:
            hidden = self.step(letter)
        return self.out(hidden)
