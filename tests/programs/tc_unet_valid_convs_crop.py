import torch
import torch.nn as nn


def double(cin, cout):
    return nn.Sequential(
        nn.Conv2d(cin, cout, 3), nn.ReLU(inplace=True),
        nn.Conv2d(cout, cout, 3), nn.ReLU(inplace=True),
    )


class UNet(nn.Module):
    def __init__(self, n_class=2):
        super().__init__()
        self.d1 = double(1, 16)
        self.d2 = double(16, 32)
        self.pool = nn.MaxPool2d(2)
        self.up = nn.ConvTranspose2d(32, 16, 2, stride=2)
        self.u1 = double(32, 16)
        self.final = nn.Conv2d(16, n_class, 1)

    def forward(self, x):
        s1 = self.d1(x)
        b = self.d2(self.pool(s1))
        u = self.up(b)
        u = torch.cat([s1, u], dim=1)
        return self.final(self.u1(u))


if __name__ == "__main__":
    cells = torch.rand(1, 1, 92, 92)
    print(UNet()(cells).shape)
