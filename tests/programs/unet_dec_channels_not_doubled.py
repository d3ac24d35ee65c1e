import torch
import torch.nn as nn
import torch.nn.functional as F


class SmallUNet(nn.Module):
    def __init__(self, c=8):
        super().__init__()
        self.down1 = nn.Conv2d(3, c, 3, padding=1)
        self.down2 = nn.Conv2d(c, c * 2, 3, padding=1)
        self.up1 = nn.Conv2d(c * 2, c, 3, padding=1)
        self.fuse = nn.Conv2d(c, c, 3, padding=1)
        self.out = nn.Conv2d(c, 2, 1)

    def forward(self, x):
        d1 = F.relu(self.down1(x))
        d2 = F.relu(self.down2(F.max_pool2d(d1, 2)))
        u1 = F.relu(self.up1(F.interpolate(d2, scale_factor=2)))
        u1 = torch.cat([u1, d1], 1)
        return self.out(F.relu(self.fuse(u1)))
