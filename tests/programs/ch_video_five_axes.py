import torch
import torch.nn as nn


class FrameNet(nn.Module):
    def __init__(self, num_classes=7, dims=(12, 24)):
        super().__init__()
        self.stem = nn.Conv2d(3, dims[0], kernel_size=4, stride=4)
        self.stage = nn.Sequential(nn.Conv2d(dims[0], dims[1], 2, stride=2), nn.GELU())
        self.norm = nn.LayerNorm(dims[-1], eps=1e-6)
        self.head = nn.Linear(dims[-1], num_classes)

    def forward_features(self, x):
        x = self.stage(self.stem(x))
        return self.norm(x.mean([-2, -1]))

    def forward(self, x):
        x = self.forward_features(x)
        return self.head(x)
