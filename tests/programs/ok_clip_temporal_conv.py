import torch
import torch.nn as nn


class ShiftHead(nn.Module):
    def __init__(self, c):
        super().__init__()
        self.mix = nn.Conv1d(c, c, 3, padding=1, groups=c, bias=False)

    def forward(self, x, t):
        n, c = x.shape
        return self.mix(x.view(n // t, t, c).transpose(1, 2)).mean(dim=2)


class ClipNet(nn.Module):
    def __init__(self, frames=8, classes=6):
        super().__init__()
        self.frames = frames
        self.stem = nn.Sequential(nn.Conv2d(3, 12, 3, 2, 1), nn.BatchNorm2d(12), nn.ReLU(), nn.AdaptiveAvgPool2d(1))
        self.temporal = nn.Conv3d(12, 12, (3, 1, 1), padding=(1, 0, 0))
        self.head = ShiftHead(12)
        self.fc = nn.Linear(12, classes)

    def forward(self, clip):
        b, c, t, h, w = clip.shape
        x = clip.transpose(1, 2).reshape(b * t, c, h, w)
        x = self.stem(x)
        x = x.view(b, t, 12, 1, 1).transpose(1, 2)
        x = torch.relu(self.temporal(x))
        x = x.transpose(1, 2).reshape(b * t, 12)
        return self.fc(self.head(x, t))
