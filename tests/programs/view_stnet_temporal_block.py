import torch
import torch.nn as nn


class TemporalBlock(nn.Module):
    def __init__(self, channels):
        super().__init__()
        self.bn1 = nn.BatchNorm3d(channels)
        self.relu = nn.ReLU()
        self.conv1 = nn.Conv3d(channels, channels, kernel_size=(3, 1, 1), stride=1, padding=(1, 0, 0))
        self.bn2 = nn.BatchNorm3d(channels)

    def forward(self, x):
        B, T, C, H, W = x.shape
        out = x.view(B, C, T, H, W)
        out = self.bn2(self.relu(self.conv1(self.bn1(out))))
        out = out.transpose(1, 2)
        return x + out


class StNet(nn.Module):
    """Super-images of N frames; T of them per clip."""

    def __init__(self, T=6, N=2, classes=9):
        super().__init__()
        self.T, self.N = T, N
        self.conv = nn.Sequential(nn.Conv2d(3 * N, 10, 5, stride=2, padding=2), nn.BatchNorm2d(10), nn.ReLU())
        self.temp = TemporalBlock(10)
        self.avg = nn.AdaptiveAvgPool2d(1)
        self.fc = nn.Linear(10, classes)

    def forward(self, x):
        B, T, NC, H, W = x.shape
        y = self.conv(x.view(B * T, NC, H, W))
        y = self.temp(y.view(B, T, *y.shape[1:]))
        y = self.avg(y.flatten(0, 1)).view(B, T, -1)
        return self.fc(y.mean(dim=1))
