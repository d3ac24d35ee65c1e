import torch
import torch.nn as nn


class Backbone(nn.Module):
    def __init__(self, channel):
        super().__init__()
        self.body = nn.Sequential(
            nn.Conv2d(3, 16, 3, 2, 1), nn.ReLU(),
            nn.Conv2d(16, 32, 3, 2, 1), nn.ReLU(),
            nn.Conv2d(32, channel, 3, 2, 1), nn.ReLU(),
        )

    def forward(self, x):
        return self.body(x).flatten(2)


class SlotModel(nn.Module):
    def __init__(self, channel=128, feature_size=9, hidden=64, n_classes=10):
        super().__init__()
        self.channel = channel
        self.feature_size = feature_size
        self.backbone = Backbone(channel)
        self.conv1x1 = nn.Conv2d(channel, hidden, kernel_size=(1, 1), stride=(1, 1))
        self.head = nn.Linear(hidden, n_classes)

    def forward(self, x):
        x = self.backbone(x)
        x = self.conv1x1(x.view(x.size(0), self.channel, self.feature_size, self.feature_size))
        return self.head(x.mean((2, 3)))
