import torch
import torch.nn as nn


def drop_path(x, p, training):
    if p == 0. or not training:
        return x
    keep = 1 - p
    mask = x.new_empty((x.shape[0],) + (1,) * (x.ndim - 1)).bernoulli_(keep)
    return x * mask / keep


class DropPath(nn.Module):
    def __init__(self, p):
        super().__init__()
        self.p = p

    def forward(self, x):
        return drop_path(x, self.p, self.training)


class MixerLayer(nn.Module):
    def __init__(self, dim, k, p):
        super().__init__()
        self.spatial = nn.Sequential(nn.Conv2d(dim, dim, k, groups=dim, padding=k // 2), nn.GELU(), nn.BatchNorm2d(dim))
        self.point = nn.Sequential(nn.Conv2d(dim, dim, 1), nn.GELU(), nn.BatchNorm2d(dim))
        self.path = DropPath(p)

    def forward(self, x):
        return self.point(x + self.path(self.spatial(x)))


class ConvMixer(nn.Module):
    def __init__(self, dim=32, depth=4, k=5, patch=4, classes=10, rate=0.2):
        super().__init__()
        self.stem = nn.Sequential(nn.Conv2d(3, dim, patch, patch), nn.GELU(), nn.BatchNorm2d(dim))
        rates = torch.linspace(0, rate, depth).tolist()
        self.layers = nn.Sequential(*[MixerLayer(dim, k, r) for r in rates])
        self.head = nn.Sequential(nn.AdaptiveAvgPool2d(1), nn.Flatten(), nn.Dropout(0.1), nn.Linear(dim, classes))

    def forward(self, x):
        return self.head(self.layers(self.stem(x)))


if __name__ == "__main__":
    net = ConvMixer().eval()
    x = torch.rand(2, 3, 32, 32)
    assert torch.equal(net(x), net(x))
