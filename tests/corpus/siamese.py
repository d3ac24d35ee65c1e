import torch
import torch.nn as nn
import torch.nn.functional as F


class Siamese(nn.Module):
    def __init__(self):
        super().__init__()
        self.conv = nn.Sequential(
            nn.Conv2d(1, 8, 10), nn.ReLU(inplace=True), nn.MaxPool2d(2),
            nn.Conv2d(8, 16, 7), nn.ReLU(), nn.MaxPool2d(2),
            nn.Conv2d(16, 16, 4), nn.ReLU(), nn.MaxPool2d(2),
            nn.Conv2d(16, 32, 4), nn.ReLU(),
        )
        self.liner = nn.Sequential(nn.Linear(32 * 6 * 6, 64), nn.Sigmoid())
        self.out = nn.Linear(64, 1)

    def forward_one(self, x):
        x = self.conv(x)
        x = x.view(x.size()[0], -1)
        return self.liner(x)

    def forward(self, x1, x2):
        return self.out(torch.abs(self.forward_one(x1) - self.forward_one(x2)))
