import torch
import torch.nn as nn


def down(cin, cout, pad=0):
    return nn.Sequential(nn.Conv2d(cin, cout, 3, 2, pad), nn.BatchNorm2d(cout), nn.LeakyReLU(0.2, True))


class VGGStyleDiscriminator(nn.Module):
    def __init__(self, nf=16):
        super().__init__()
        self.conv0 = nn.Conv2d(3, nf, 3, 2)
        self.down1 = down(nf, nf * 2)
        self.down2 = down(nf * 2, nf * 4)
        self.down3 = down(nf * 4, nf * 8)
        self.down4 = down(nf * 8, nf * 8)
        self.pool = nn.AdaptiveAvgPool2d(1)
        self.linear = nn.Linear(nf * 8, 1)

    def forward(self, x):
        x = self.down1(torch.relu(self.conv0(x)))
        x = self.down4(self.down3(self.down2(x)))
        return self.linear(self.pool(x).flatten(1))


if __name__ == "__main__":
    netD = VGGStyleDiscriminator()
    print(netD(torch.rand(4, 3, 49, 74)).shape)
