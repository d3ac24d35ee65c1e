from typing import Optional, Sequence

import torch
import torch.nn as nn


class DiffusionEncoder(nn.Module):
    """The down path of a diffusion U-Net as a classifier for guidance."""

    def __init__(self, in_channels: int = 1, out_channels: int = 4, channels: Sequence[int] = (8, 16)):
        super().__init__()
        self.out_channels = out_channels
        self.conv_in = nn.Conv2d(in_channels, channels[0], 3, padding=1)
        self.time_embed = nn.Sequential(nn.Linear(1, channels[0]), nn.SiLU(), nn.Linear(channels[0], channels[0]))
        downs = []
        for cin, cout in zip(channels[:-1], channels[1:]):
            downs.append(nn.Sequential(nn.GroupNorm(4, cin), nn.SiLU(), nn.Conv2d(cin, cout, 3, stride=2, padding=1)))
        self.down_blocks = nn.ModuleList(downs)
        self.out: Optional[nn.Module] = None

    def forward(self, x, timesteps):
        h = self.conv_in(x) + self.time_embed(timesteps)[:, :, None, None]
        for block in self.down_blocks:
            h = block(h)
        h = h.reshape(h.shape[0], -1)
        self.out = nn.Sequential(nn.Linear(h.shape[1], 32), nn.ReLU(), nn.Dropout(0.1), nn.Linear(32, self.out_channels))
        return self.out(h)
