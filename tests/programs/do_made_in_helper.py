import torch
from torch import nn


class Siamese(nn.Module):
    def __init__(self, rate=0.3):
        super().__init__()
        self.rate = rate
        self.conv = nn.Sequential(nn.Conv2d(1, 8, 5), nn.ReLU(), nn.MaxPool2d(2))
        self.fc = nn.Linear(8 * 8 * 8, 32)
        self.out = nn.Linear(32, 4)

    def embed(self, img):
        h = self.conv(img)
        h = torch.flatten(h, 1)
        h = torch.relu(self.fc(h))
        h = nn.Dropout(self.rate)(h)
        return h

    def forward(self, img):
        return self.out(self.embed(img))
