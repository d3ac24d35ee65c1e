import torch
import torch.nn as nn


class ResNetBlock(nn.Module):
    def __init__(self, in_depth, depth):
        super().__init__()
        self.conv1 = nn.Conv2d(in_depth, depth, 3, stride=2, padding=1)
        self.bn1 = nn.BatchNorm2d(depth)
        self.lrelu = nn.LeakyReLU(0.01)
        self.conv2 = nn.Conv2d(depth, depth, 3, padding=1)
        self.short = nn.Conv2d(in_depth, depth, 1, stride=2)

    def forward(self, x):
        out = self.conv2(self.lrelu(self.bn1(self.conv1(x))))
        return out + self.short(x)


class MFCCModel(nn.Module):
    def __init__(self):
        super().__init__()
        self.conv1 = nn.Conv2d(1, 32, 3, padding=1)
        self.blocks = nn.Sequential(ResNetBlock(32, 32), ResNetBlock(32, 32), ResNetBlock(32, 32))
        self.pool = nn.AvgPool2d((9, 8))
        self.fc1 = nn.Linear(480, 128)
        self.fc2 = nn.Linear(128, 2)

    def forward(self, x):
        x = x.unsqueeze(dim=1)
        out = self.pool(self.blocks(self.conv1(x)))
        out = out.view(out.shape[0], -1)
        return self.fc2(torch.relu(self.fc1(out)))


if __name__ == "__main__":
    mfcc = torch.randn(32, 72, 72)      # 24 cc's with deltas, 72 frames
    print(MFCCModel()(mfcc).shape)
