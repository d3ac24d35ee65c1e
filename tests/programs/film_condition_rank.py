import torch
from torch import nn


class TimeBlock(nn.Module):
    def __init__(self, cin=3, cout=16, t_dim=8):
        super().__init__()
        self.conv1 = nn.Conv2d(cin, cout, 3, padding=1)
        self.time_mlp = nn.Sequential(nn.Linear(t_dim, cout), nn.SiLU())
        self.conv2 = nn.Conv2d(cout, cin, 3, padding=1)

    def forward(self, x, t):
        h = torch.relu(self.conv1(x))
        temb = self.time_mlp(t)
        h = h + temb
        return self.conv2(h)
