import torch
import torch.nn as nn


class R3D(nn.Module):
    """Video clips come from the loader as (batch, frames, rgb, height, width)."""

    def __init__(self, n_classes=5):
        super().__init__()
        self.stem = nn.Sequential(nn.Conv3d(3, 16, (3, 7, 7), (1, 2, 2), (1, 3, 3)), nn.BatchNorm3d(16), nn.ReLU(True))
        self.res = nn.Conv3d(16, 32, 3, 2, 1)
        self.gap = nn.AdaptiveAvgPool3d(1)
        self.fc = nn.Linear(32, n_classes)

    def forward(self, clip):
        x = self.stem(clip)
        x = self.gap(torch.relu(self.res(x)))
        return self.fc(torch.flatten(x, 1))
