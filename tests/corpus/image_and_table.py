import torch
from torch import nn


class Fusion(nn.Module):
    def __init__(self, n_features=12):
        super().__init__()
        self.cnn = nn.Sequential(nn.Conv2d(3, 8, 3), nn.ReLU(), nn.AdaptiveAvgPool2d(1), nn.Flatten())
        self.mlp = nn.Sequential(nn.Linear(n_features, 16), nn.ReLU())
        self.head = nn.Linear(24, 2)

    def forward(self, image, table):
        return self.head(torch.cat([self.cnn(image), self.mlp(table)], dim=1))
