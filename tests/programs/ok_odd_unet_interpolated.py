import torch
import torch.nn as nn
import torch.nn.functional as F


class Stage(nn.Module):
    def __init__(self, cin, cout, p=0.0):
        super().__init__()
        self.conv = nn.Conv2d(cin, cout, 3, padding=1)
        self.norm = nn.InstanceNorm2d(cout)
        self.drop = nn.Dropout2d(p)

    def forward(self, x):
        return self.drop(F.leaky_relu(self.norm(self.conv(x)), 0.1))


class VesselNet(nn.Module):
    """Retina pictures of any size; masks of one channel."""

    def __init__(self, widths=(8, 16, 32)):
        super().__init__()
        self.down = nn.ModuleList()
        prev = 3
        for w in widths:
            self.down.append(Stage(prev, w, p=0.1))
            prev = w
        self.up = nn.ModuleList(Stage(a + b, b) for a, b in zip(widths[:0:-1], widths[-2::-1]))
        self.head = nn.Conv2d(widths[0], 1, 1)

    def forward(self, x):
        skips = []
        for i, stage in enumerate(self.down):
            if i:
                x = F.max_pool2d(x, 2)
            x = stage(x)
            skips.append(x)
        skips.pop()
        for stage in self.up:
            skip = skips.pop()
            x = F.interpolate(x, size=skip.shape[2:], mode="nearest")
            x = stage(torch.cat([x, skip], dim=1))
        return self.head(x)
