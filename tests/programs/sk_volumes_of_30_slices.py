import torch
import torch.nn as nn


def double_conv(cin, cout):
    return nn.Sequential(
        nn.Conv3d(cin, cout, 3, padding=1), nn.GroupNorm(4, cout), nn.ReLU(inplace=True),
        nn.Conv3d(cout, cout, 3, padding=1), nn.GroupNorm(4, cout), nn.ReLU(inplace=True),
    )


class UNet3D(nn.Module):
    """Tumour segmentation, volumes are (N, modalities, slices, height, width)."""

    def __init__(self, modalities=4, classes=4, base=8):
        super().__init__()
        self.enc1 = double_conv(modalities, base)
        self.enc2 = double_conv(base, base * 2)
        self.bottom = double_conv(base * 2, base * 4)
        self.pool = nn.MaxPool3d(2)
        self.up = nn.Upsample(scale_factor=2, mode="trilinear", align_corners=True)
        self.dec2 = double_conv(base * 4 + base * 2, base * 2)
        self.dec1 = double_conv(base * 2 + base, base)
        self.out = nn.Conv3d(base, classes, 1)

    def forward(self, v):
        s1 = self.enc1(v)
        s2 = self.enc2(self.pool(s1))
        z = self.bottom(self.pool(s2))
        z = self.up(z)
        z = self.dec2(torch.cat((z, s2), dim=1))
        z = self.up(z)
        z = self.dec1(torch.cat((z, s1), dim=1))
        return self.out(z)


if __name__ == "__main__":
    net = UNet3D()
    print(net(torch.rand(1, 4, 30, 32, 32)).shape)
