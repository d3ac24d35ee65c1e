import torch
import torch.nn as nn


class Head(nn.Module):
    """Squeezes the class axis only where there is one class."""

    def __init__(self, classes=3):
        super().__init__()
        self.conv = nn.Conv2d(3, classes, 3, padding=1)

    def forward(self, x):
        return self.conv(x).squeeze(1)
