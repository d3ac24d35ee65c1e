import torch
import torch.nn as nn


class AnySize(nn.Module):
    out_dim = 512

    def __init__(self):
        super().__init__()
        self.features = nn.Sequential(nn.Conv2d(3, 32, 5, 3), nn.ReLU(), nn.Conv2d(32, 512, 3, 2), nn.ReLU(), nn.AdaptiveMaxPool2d((1, 1)))
        self.fc = nn.Linear(self.out_dim, 10)

    def forward(self, x):
        x = self.features(x)
        x = x.view(-1, self.out_dim)
        return self.fc(x)


net = AnySize()
