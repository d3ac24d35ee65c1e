import torch
from torch import nn


class Discriminator(nn.Module):
    def __init__(self, img_dim):
        super().__init__
        self.disc = nn.Sequential(
            nn.Linear(img_dim, 32),
            nn.LeakyReLU(0.1),
            nn.Linear(32, 1),
            nn.Sigmoid(),
        )

    def forward(self, x):
        return self.disc(x)
