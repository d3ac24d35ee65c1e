import torch
from torch import nn


class Regressor(nn.Module):
    def __init__(self, n_inputs=2):
        super().__init__()
        self.net = nn.Sequential(nn.Linear(n_inputs, 8), nn.ReLU(), nn.Linear(8, 1))

    def forward(self, x):
        return self.net(x)


def train():
    features = torch.normal(0, 1, (20, 2), dtype=torch.float64)
    labels = features @ torch.tensor([[2.0], [-3.4]], dtype=torch.float64) + 4.2
    net = Regressor()
    loss = nn.MSELoss()(net(features), labels)
    loss.backward()
