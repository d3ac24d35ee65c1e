import torch
import torch.nn as nn


def block(i, o):
    return nn.Sequential(nn.Conv2d(i, o, 3, padding=1), nn.BatchNorm2d(o), nn.LeakyReLU(0.1))


class HazeNet(nn.Module):
    def __init__(self, base=12):
        super().__init__()
        self.down1 = block(3, base)
        self.down2 = block(base, base * 2)
        self.pool = nn.MaxPool2d(2)
        self.up = nn.Upsample(scale_factor=2, mode="bilinear", align_corners=False)
        self.fuse = block(base * 3, base)
        self.rgb = nn.Conv2d(base, 3, 1)

    def forward(self, hazy):
        a = self.down1(hazy)
        b = self.down2(self.pool(a))
        u = self.up(b)
        return hazy + self.rgb(self.fuse(torch.cat((a, u), dim=2)))


def pairs(k):
    clear = torch.rand(k, 3, 48, 48)
    return (clear * 0.6 + 0.4).clamp(0, 1), clear


def main():
    net = HazeNet()
    opt = torch.optim.Adam(net.parameters(), lr=2e-4)
    l1 = nn.L1Loss()
    for _ in range(3):
        hazy, clear = pairs(4)
        opt.zero_grad()
        loss = l1(net(hazy), clear)
        loss.backward()
        opt.step()


if __name__ == "__main__":
    main()
