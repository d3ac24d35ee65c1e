import torch
import torch.nn as nn


def double(i, o):
    return nn.Sequential(
        nn.Conv2d(i, o, 3, padding=1), nn.BatchNorm2d(o), nn.ReLU(), nn.Conv2d(o, o, 3, padding=1), nn.ReLU()
    )


class AttentionGate(nn.Module):
    def __init__(self, F_g, F_l, F_int):
        super().__init__()
        self.W_g = nn.Conv2d(F_g, F_int, 1)
        self.W_x = nn.Conv2d(F_l, F_int, 1)
        self.psi = nn.Sequential(nn.Conv2d(F_int, 1, 1), nn.Sigmoid())

    def forward(self, g, x):
        psi = torch.relu(self.W_g(g) + self.W_x(x))
        return x * self.psi(psi)


class AttUNet(nn.Module):
    """Vessel segmentation."""

    def __init__(self, base=8):
        super().__init__()
        self.enc1, self.enc2, self.enc3 = double(1, base), double(base, base * 2), double(base * 2, base * 4)
        self.pool = nn.MaxPool2d(2)
        self.up2 = nn.ConvTranspose2d(base * 4, base * 2, 2, 2)
        self.up1 = nn.ConvTranspose2d(base * 2, base, 2, 2)
        self.att2 = AttentionGate(base * 4, base * 2, base)
        self.att1 = AttentionGate(base * 2, base, base)
        self.dec2, self.dec1 = double(base * 4, base * 2), double(base * 2, base)
        self.out = nn.Conv2d(base, 1, 1)

    def forward(self, x):
        e1 = self.enc1(x)
        e2 = self.enc2(self.pool(e1))
        d3 = self.enc3(self.pool(e2))
        s2 = self.att2(d3, e2)
        d2 = self.dec2(torch.cat([self.up2(d3), s2], 1))
        s1 = self.att1(d2, e1)
        d1 = self.dec1(torch.cat([self.up1(d2), s1], 1))
        return torch.sigmoid(self.out(d1))


if __name__ == "__main__":
    y = AttUNet()(torch.rand(1, 1, 64, 64))
    print(y.shape)
