import torch
from torch import nn


class VGGBackboneBN(nn.Module):
    def __init__(self, channels=(8, 8, 16, 16), input_channel=1):
        super().__init__()
        blocks = []
        prev = input_channel
        for i, c in enumerate(channels):
            blocks.append(nn.Conv2d(prev, c, kernel_size=3, stride=1, padding=1))
            blocks.append(nn.ReLU(inplace=True))
            blocks.append(nn.BatchNorm2d(c))
            if i % 2 == 1:
                blocks.append(nn.MaxPool2d(kernel_size=2, stride=2))
            prev = c
        self.block = nn.Sequential(*blocks)

    def forward(self, x):
        return self.block(x)


class SuperPointBNNet(nn.Module):
    def __init__(self):
        super().__init__()
        self.backbone = VGGBackboneBN()
        self.det = nn.Conv2d(16, 65, 1)

    def forward(self, images):
        feat = self.backbone(images)
        return self.det(feat).softmax(1)


def train():
    model = SuperPointBNNet()
    raw = {"img": torch.rand(16, 120, 160)}
    prob = model(raw["img"])
    prob.sum().backward()


if __name__ == "__main__":
    train()
