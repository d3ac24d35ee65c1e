import torch
from torch import nn


class Forecaster(nn.Module):
    def __init__(self, n_features=5, hidden=20, layers=2, horizon=3):
        super().__init__()
        self.hidden, self.layers = hidden, layers
        self.gru = nn.GRU(n_features, hidden, layers, batch_first=True)
        self.fc = nn.Linear(hidden, horizon)

    def forward(self, x):
        h0 = torch.zeros(self.layers, x.size(0), self.hidden)
        out, _ = self.gru(x, h0)
        return self.fc(out[:, -1, :])
