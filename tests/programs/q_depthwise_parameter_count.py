import torch
from torch import nn


class DepthSep(nn.Module):
    # Why does the 3x3 layer only have 288 weights? I expected 32*32*9.
    def __init__(self, channels=32, out=64):
        super().__init__()
        self.depth = nn.Conv2d(channels, channels, 3, padding=1, groups=channels, bias=False)
        self.point = nn.Conv2d(channels, out, 1, bias=False)
        self.norm = nn.BatchNorm2d(out)
        self.act = nn.ReLU6()

    def forward(self, x):
        return self.act(self.norm(self.point(self.depth(x))))


def main():
    block = DepthSep()
    print(sum(p.numel() for p in block.depth.parameters()))
    return block(torch.randn(2, 32, 20, 20))


if __name__ == "__main__":
    main()
