import torch
from torch import nn


class AE(torch.nn.Module):
    def __init__(self):
        super().__init__()
        self.encoder = nn.Sequential(nn.Linear(28 * 28, 128), nn.ReLU(), nn.Linear(128, 36), nn.ReLU(), nn.Linear(36, 9))
        self.decoder = nn.Sequential(nn.Linear(9, 36), nn.ReLU(), nn.Linear(36, 128), nn.ReLU(), nn.Linear(128, 28 * 28), nn.Sigmoid())

    def forward(self, x):
        return self.decoder(self.encoder(x))
