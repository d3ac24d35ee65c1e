import math
import torch
from torch import nn


class TimeEmbedding(nn.Module):
    def __init__(self, dim):
        super().__init__()
        self.dim = dim

    def forward(self, time):
        half = self.dim // 2
        scale = torch.exp(torch.arange(half, device=time.device) * -(math.log(10000) / (half - 1)))
        args = time[:, None] * scale[None, :]
        return torch.cat((args.sin(), args.cos()), dim=-1)


class SimpleUnet(nn.Module):
    def __init__(self):
        super().__init__()
        self.time_mlp = nn.Sequential(TimeEmbedding(32), nn.Linear(32, 32), nn.ReLU())
        self.conv0 = nn.Conv2d(3, 32, 3, padding=1)
        self.output = nn.Conv2d(32, 3, 1)

    def forward(self, x, timestep):
        t = self.time_mlp(timestep)
        x = self.conv0(x)
        x = x + t[(...,) + (None,) * 2]
        return self.output(x)
