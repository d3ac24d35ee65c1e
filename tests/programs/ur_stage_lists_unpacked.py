import torch
from torch import nn


def conv(cin, cout):
    return nn.Sequential(nn.Conv2d(cin, cout, 3, 2, 1), nn.GroupNorm(4, cout), nn.SiLU())


def up(cin, cout):
    return nn.Sequential(nn.ConvTranspose2d(cin, cout, 4, 2, 1), nn.GroupNorm(4, cout), nn.SiLU())


def make_stage(widths, make):
    stage = []
    for a, b in zip(widths, widths[1:]):
        stage.append(make(a, b))
    return stage


class Hourglass(nn.Module):
    def __init__(self, widths=(16, 24, 32), joints=8):
        super().__init__()
        self.stem = nn.Conv2d(1, widths[0], 7, 2, 3)
        self.down = make_stage(widths, conv)
        self.middle = nn.Conv2d(widths[-1], widths[-1], 1)
        self.up = make_stage(widths[::-1], up)
        self.out = nn.Conv2d(widths[0], joints, 1)

    def forward(self, x):
        x = self.stem(x)
        skips = []
        for layer in self.down:
            skips.append(x)
            x = layer(x)
        x = self.middle(x)
        for layer in self.up:
            x = layer(x) + skips.pop()
        return self.out(x)


if __name__ == "__main__":
    net = Hourglass()
    opt = torch.optim.Adam(net.parameters(), lr=1e-3)
    heat = net(torch.rand(2, 1, 64, 64))
    heat.pow(2).mean().backward()
    opt.step()
