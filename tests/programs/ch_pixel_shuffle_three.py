import argparse

import torch
import torch.nn as nn


class ResBlock(nn.Module):
    def __init__(self, n_feats, scale=0.1):
        super().__init__()
        self.body = nn.Sequential(
            nn.Conv2d(n_feats, n_feats, 3, padding=1), nn.ReLU(True), nn.Conv2d(n_feats, n_feats, 3, padding=1)
        )
        self.res_scale = scale

    def forward(self, x):
        return x + self.body(x).mul(self.res_scale)


class Upsampler(nn.Sequential):
    def __init__(self, scale, n_feats):
        super().__init__(
            nn.Conv2d(n_feats, 4 * n_feats, 3, padding=1),
            nn.PixelShuffle(scale),
            nn.PReLU(),
        )


class EDSR(nn.Module):
    def __init__(self, args):
        super().__init__()
        n = args.n_feats
        self.head = nn.Conv2d(3, n, 3, padding=1)
        self.body = nn.Sequential(*[ResBlock(n) for _ in range(args.n_resblocks)], nn.Conv2d(n, n, 3, padding=1))
        self.tail = nn.Sequential(Upsampler(args.scale, n), nn.Conv2d(n, 3, 3, padding=1))

    def forward(self, x):
        x = self.head(x)
        x = x + self.body(x)
        return self.tail(x)


def options(argv=()):
    p = argparse.ArgumentParser()
    p.add_argument("--scale", type=int, default=3)
    p.add_argument("--n_feats", type=int, default=32)
    p.add_argument("--n_resblocks", type=int, default=2)
    return p.parse_args(list(argv))


sr_net = EDSR(options())

if __name__ == "__main__":
    lr, hr = torch.rand(2, 3, 24, 24), torch.rand(2, 3, 72, 72)
    print(nn.L1Loss()(sr_net(lr), hr))
