import torch
import torch.nn as nn


class Net(nn.Module):
    def __init__(self):
        super(Net, self).__init__()
        self.hidden = nn.Linear(10, 20)
        self.norm = nn.BatchNorm1d
        self.out = nn.Linear(20, 2)

    def forward(self, x):
        x = self.hidden(x)
        x = self.norm(20)(x)
        x = nn.ReLU(x)
        return self.out(x)
