import torch
import torch.nn as nn
import torch.nn.functional as F


def conv_out(size, k, s):
    """Output side of a convolution."""
    return (size - k) // s + 1


class ConvBNAct(nn.Module):
    def __init__(self, cin, cout, k, s):
        super().__init__()
        self.conv = nn.Conv2d(cin, cout, k, stride=s, padding=k // 2, bias=False)
        self.bn = nn.BatchNorm2d(cout)

    def forward(self, x):
        return F.hardswish(self.bn(self.conv(x)))


class DefectNet(nn.Module):
    """Steel surface defects, 100 x 100 grey patches."""

    STAGES = [(8, 5, 2), (16, 3, 2), (32, 3, 2)]

    def __init__(self, side=100, n_defects=6):
        super().__init__()
        c = 1
        self.blocks = nn.ModuleList()
        for width, k, s in self.STAGES:
            self.blocks.append(ConvBNAct(c, width, k, s))
            side = conv_out(side, k, s)
            c = width
        self.flat = c * side * side
        self.classifier = nn.Linear(self.flat, n_defects)

    def forward(self, x):
        for b in self.blocks:
            x = b(x)
        return self.classifier(torch.flatten(x, 1))


def fit(model, steps=2):
    opt = torch.optim.AdamW(model.parameters())
    for _ in range(steps):
        x, y = torch.rand(4, 1, 100, 100), torch.randint(0, 6, (4,))
        loss = F.cross_entropy(model(x), y)
        opt.zero_grad()
        loss.backward()
        opt.step()


if __name__ == "__main__":
    fit(DefectNet())
