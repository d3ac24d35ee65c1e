import torch
import torch.nn as nn


class Autoenc(nn.Module):
    def __init__(self, d=64, depth=3):
        super().__init__()
        layers = []
        for i in range(depth):
            layers += [nn.Linear(d, d / 2), nn.ReLU()]
            d = d // 2
        self.encoder = nn.Sequential(*layers)

    def forward(self, x):
        return self.encoder(x)
