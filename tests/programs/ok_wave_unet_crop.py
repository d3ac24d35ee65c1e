import torch
import torch.nn as nn


def center_crop(x, target):
    diff = x.size(-1) - target.size(-1)
    if diff == 0:
        return x
    left = diff // 2
    return x[:, :, left:left + target.size(-1)]


class WaveUNet(nn.Module):
    def __init__(self, sources=2, width=8, levels=3):
        super().__init__()
        self.down, self.up = nn.ModuleList(), nn.ModuleList()
        c = 1
        for i in range(levels):
            self.down.append(nn.Conv1d(c, width * (i + 1), 15))
            c = width * (i + 1)
        self.mid = nn.Conv1d(c, c, 15)
        for i in reversed(range(levels)):
            self.up.append(nn.Conv1d(c + width * (i + 1), width * (i + 1), 5))
            c = width * (i + 1)
        self.out = nn.Conv1d(c + 1, sources, 1)
        self.act = nn.LeakyReLU(0.2)

    def forward(self, mix):
        skips, x = [], mix
        for conv in self.down:
            x = self.act(conv(x))
            skips.append(x)
            x = x[:, :, ::2]
        x = self.act(self.mid(x))
        for conv, skip in zip(self.up, skips[::-1]):
            x = nn.functional.interpolate(x, scale_factor=2, mode="linear", align_corners=True)
            x = self.act(conv(torch.cat([center_crop(skip, x), x], dim=1)))
        return torch.tanh(self.out(torch.cat([center_crop(mix, x), x], 1)))


def main():
    net = WaveUNet()
    mix = torch.rand(2, 1, 1000)
    est = net(mix)
    ref = center_crop(torch.rand(2, 2, 1000), est)
    ((est - ref) ** 2).mean().backward()


if __name__ == "__main__":
    main()
