import torch
import torch.nn as nn


def conv(i, o, k=3):
    return nn.Sequential(nn.Conv2d(i, o, k, padding=k // 2), nn.LeakyReLU(0.1))


def deconv(i, o):
    return nn.ConvTranspose2d(i, o, 4, 2, 1, bias=True)


class FlowHead(nn.Module):
    def __init__(self):
        super().__init__()
        self.conv1 = conv(8, 16)
        self.deconv1 = deconv(16, 4)
        self.predict = nn.Conv2d(4, 2, 3, padding=1)
        self.deconv2 = deconv(2, 2)

    def forward(self, x):
        x = self.conv1(x)
        up = self.deconv1(x)
        flow = self.predict(up)
        return flow
