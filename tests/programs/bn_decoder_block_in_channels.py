from typing import List

import torch
import torch.nn as nn


class UpConv(nn.Module):
    def __init__(self, in_ch: int, out_ch: int):
        super().__init__()
        self.up = nn.Upsample(scale_factor=2, mode="bilinear", align_corners=False)
        self.conv = nn.Conv2d(in_ch, out_ch, kernel_size=3, padding=1, bias=False)
        self.bn = nn.BatchNorm2d(in_ch)
        self.act = nn.ELU(inplace=True)

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        return self.act(self.bn(self.conv(self.up(x))))


class DepthDecoder(nn.Module):
    """Monocular depth: a small encoder and a decoder that predicts disparity in (0, 1)."""

    def __init__(self, widths: List[int] = [16, 32, 64]):
        super().__init__()
        enc, prev = [], 3
        for w in widths:
            enc += [nn.Conv2d(prev, w, 3, stride=2, padding=1), nn.ReLU(inplace=True)]
            prev = w
        self.encoder = nn.Sequential(*enc)
        dec = []
        for w in reversed([8] + widths[:-1]):
            dec.append(UpConv(prev, w))
            prev = w
        self.decoder = nn.Sequential(*dec)
        self.disp = nn.Conv2d(prev, 1, 3, padding=1)

    def forward(self, image):
        return torch.sigmoid(self.disp(self.decoder(self.encoder(image))))
