import torch
import torch.nn as nn


class DualBranchDenoiser(nn.Module):
    def __init__(self, features=16):
        super(DualBranchDenoiser, self).__init__()
        self.conv1_1 = nn.Sequential(nn.Conv2d(1, features, 3, padding=1), nn.ReLU(inplace=True))
        self.conv1_2 = nn.Sequential(nn.Conv2d(features, features, 3, padding=2, dilation=2), nn.BatchNorm2d(features), nn.ReLU(inplace=True))
        self.conv1_3 = nn.Conv2d(features, 3, 3, padding=1)
        self.conv3 = nn.Conv2d(6, 3, 1)

    def forward(self, x):
        t = self.conv1_3(self.conv1_2(self.conv1_1(x)))
        out = torch.cat([x, t], 1)
        return x - self.conv3(torch.tanh(out))


net = DualBranchDenoiser()

if __name__ == "__main__":
    print(net(torch.rand(3, 1, 64, 64)).shape)
