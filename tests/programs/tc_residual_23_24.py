import torch
import torch.nn as nn


class ResidualAE(nn.Module):
    def __init__(self):
        super().__init__()
        self.enc = nn.Sequential(nn.Conv2d(128, 256, 3, padding=1, stride=2), nn.ReLU(), nn.BatchNorm2d(256))
        self.dec = nn.Sequential(nn.ConvTranspose2d(256, 128, 3, padding=1, stride=2), nn.ReLU())
        self.out = nn.Conv2d(128, 128, 1)

    def forward(self, x):
        z = self.enc(x)
        y = self.dec(z)
        return self.out(y + x)
