import torch
from torch import nn
import torch.nn.functional as F


class Unit3D(nn.Module):
    def __init__(self, cin, cout, k=(1, 1, 1), s=(1, 1, 1), use_bn=True, activation=F.relu):
        super().__init__()
        self.conv = nn.Conv3d(cin, cout, k, s, padding=tuple(i // 2 for i in k), bias=not use_bn)
        self.bn = nn.BatchNorm3d(cout, eps=0.001, momentum=0.01) if use_bn else None
        self.activation = activation

    def forward(self, x):
        x = self.conv(x)
        if self.bn is not None:
            x = self.bn(x)
        return self.activation(x) if self.activation is not None else x


class Mixed(nn.Module):
    def __init__(self, cin, a, b, c):
        super().__init__()
        self.b0 = Unit3D(cin, a)
        self.b1 = nn.Sequential(Unit3D(cin, b // 2), Unit3D(b // 2, b, (3, 3, 3)))
        self.b2 = nn.Sequential(nn.MaxPool3d(3, 1, 1), Unit3D(cin, c))

    def forward(self, x):
        return torch.cat([self.b0(x), self.b1(x), self.b2(x)], dim=1)


class Clip3D(nn.Module):
    def __init__(self, num_classes=12, keep_prob=0.8):
        super().__init__()
        self.keep_prob = keep_prob
        self.stem = Unit3D(3, 16, (3, 7, 7), (1, 2, 2))
        self.pool = nn.MaxPool3d((1, 3, 3), (1, 2, 2), (0, 1, 1))
        self.mixed = nn.ModuleList([Mixed(16, 8, 16, 8), Mixed(32, 16, 32, 16)])
        self.logits = Unit3D(64, num_classes, use_bn=False, activation=None)

    def forward(self, x):
        x = self.pool(self.stem(x))
        for block in self.mixed:
            x = block(x)
        x = x.mean(dim=(2, 3, 4), keepdim=True)
        x = F.dropout(x, self.keep_prob, self.training)
        return self.logits(x).flatten(1)


if __name__ == "__main__":
    print(Clip3D()(torch.rand(2, 3, 8, 32, 32)).shape)
