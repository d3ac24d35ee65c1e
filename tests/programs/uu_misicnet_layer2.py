import torch
import torch.nn as nn


class MiSiCNet(nn.Module):
    def __init__(self, L=20, P=4):
        super(MiSiCNet, self).__init__()
        self.layer1 = nn.Sequential(
            nn.ReflectionPad2d(1),
            nn.Conv2d(L, 32, 3),
            nn.BatchNorm2d(32),
            nn.LeakyReLU(0.1),
        )
        self.layer2 = nn.Sequential(
            nn.ReflectionPad2d(1),
            nn.Conv2d(32, 32, 3),
            nn.BatchNorm2d(32),
            nn.LeakyReLU(0.1),
        )
        self.layerskip = nn.Sequential(
            nn.Conv2d(L, 4, 1),
            nn.BatchNorm2d(4),
            nn.LeakyReLU(0.1),
        )
        self.layer3 = nn.Sequential(
            nn.ReflectionPad2d(1),
            nn.Conv2d(36, P, 3),
            nn.BatchNorm2d(P),
        )
        self.softmax = nn.Softmax(dim=1)

    def forward(self, x):
        x1 = self.layer1(x)
        xskip = self.layerskip(x)
        xcat = torch.cat([x1, xskip], dim=1)
        abundance = self.softmax(self.layer3(xcat))
        return abundance
