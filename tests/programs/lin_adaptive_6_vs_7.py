import torch
from torch import nn


class Custom(nn.Module):
    def __init__(self, n_out=6):
        super().__init__()
        self.features = nn.Sequential(
            nn.Conv2d(3, 64, 7, stride=4), nn.ReLU(), nn.MaxPool2d(3, 2),
            nn.Conv2d(64, 256, 3, padding=1), nn.ReLU(),
        )
        self.pool = nn.AdaptiveAvgPool2d((6, 6))
        self.head = nn.Sequential(nn.Dropout(0.5), nn.Linear(256 * 7 * 7, 64), nn.ReLU(), nn.Linear(64, n_out))

    def forward(self, x):
        x = self.pool(self.features(x))
        return self.head(x.view(x.shape[0], -1))
