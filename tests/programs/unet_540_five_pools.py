import torch
import torch.nn as nn


def double_conv(cin, cout):
    return nn.Sequential(nn.Conv2d(cin, cout, 3, padding=1), nn.ReLU(inplace=True), nn.Conv2d(cout, cout, 3, padding=1), nn.ReLU(inplace=True))


class Up(nn.Module):
    def __init__(self, cin, cout):
        super().__init__()
        self.up = nn.ConvTranspose2d(cin, cout, 2, stride=2)
        self.conv = double_conv(cout * 2, cout)

    def forward(self, x, skip):
        x = self.up(x)
        x = torch.cat((skip, x), dim=1)
        return self.conv(x)


class UNet(nn.Module):
    def __init__(self, n_classes=1, widths=(4, 8, 16, 16)):
        super().__init__()
        self.pool = nn.MaxPool2d(2)
        self.enc = nn.ModuleList()
        cin = 1
        for w in widths:
            self.enc.append(double_conv(cin, w))
            cin = w
        self.dec = nn.ModuleList([Up(a, b) for a, b in zip(widths[:0:-1], widths[-2::-1])])
        self.last = nn.Conv2d(widths[0], n_classes, 1)

    def forward(self, x):
        skips = []
        for i, block in enumerate(self.enc):
            x = block(x)
            if i < len(self.enc) - 1:
                skips.append(x)
                x = self.pool(x)
        for up, skip in zip(self.dec, reversed(skips)):
            x = up(x, skip)
        return self.last(x)
