import torch
from torch import nn


class Backbone(nn.Module):
    def __init__(self, width=16):
        super().__init__()
        self.body = nn.Sequential(nn.Linear(12, width), nn.ReLU())

    def forward(self, x):
        x = self.body(x)


class Classifier(nn.Module):
    def __init__(self):
        super().__init__()
        self.backbone = Backbone()
        self.head = nn.Linear(16, 4)

    def forward(self, x):
        return self.head(self.backbone(x))
