import torch
import torch.nn as nn


def conv_relu(in_ch, out_ch):
    return [nn.Conv2d(in_ch, out_ch, 3, padding=1), nn.BatchNorm2d(out_ch), nn.ReLU()]


class Denoiser(nn.Module):
    def __init__(self):
        super().__init__()
        layers = conv_relu(1, 32)
        for _ in range(3):
            layers += conv_relu(64, 64)
        layers.append(nn.Conv2d(64, 1, 3, padding=1))
        self.net = nn.Sequential(*layers)

    def forward(self, noisy):
        return noisy - self.net(noisy)
