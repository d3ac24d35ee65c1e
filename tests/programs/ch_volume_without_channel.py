import torch
import torch.nn as nn


def block(i, o):
    return nn.Sequential(nn.Conv3d(i, o, 3, padding=1), nn.InstanceNorm3d(o), nn.ReLU(), nn.MaxPool3d(2))


class CTNet(nn.Module):
    def __init__(self, width=8):
        super().__init__()
        self.body = nn.Sequential(block(1, width), block(width, 2 * width))
        self.pool = nn.AdaptiveAvgPool3d(1)
        self.fc = nn.Linear(2 * width, 2)

    def forward(self, volume):
        x = self.pool(self.body(volume))
        return self.fc(x.flatten(1))


def evaluate():
    scans = torch.rand(2, 16, 32, 32)
    net = CTNet().eval()
    return net(scans)


if __name__ == "__main__":
    evaluate()
