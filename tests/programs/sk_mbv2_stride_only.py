import torch
import torch.nn as nn
import torch.nn.functional as F


class LinearBottleneck(nn.Module):
    def __init__(self, inplanes, outplanes, stride=1, t=6):
        super(LinearBottleneck, self).__init__()
        self.conv1 = nn.Conv2d(inplanes, inplanes * t, kernel_size=1, bias=False)
        self.bn1 = nn.BatchNorm2d(inplanes * t)
        self.conv2 = nn.Conv2d(inplanes * t, inplanes * t, kernel_size=3, stride=stride, padding=1,
                               bias=False, groups=inplanes * t)
        self.bn2 = nn.BatchNorm2d(inplanes * t)
        self.conv3 = nn.Conv2d(inplanes * t, outplanes, kernel_size=1, bias=False)
        self.bn3 = nn.BatchNorm2d(outplanes)
        self.activation = nn.ReLU6(inplace=True)
        self.stride = stride

    def forward(self, x):
        residual = x
        out = self.activation(self.bn1(self.conv1(x)))
        out = self.activation(self.bn2(self.conv2(out)))
        out = self.bn3(self.conv3(out))
        if self.stride == 1:
            out += residual
        return out


class TinyMobileNetV2(nn.Module):
    def __init__(self, num_classes=20):
        super().__init__()
        self.conv1 = nn.Conv2d(3, 8, 3, stride=2, padding=1, bias=False)
        self.bn1 = nn.BatchNorm2d(8)
        settings = [(8, 1, 1), (12, 2, 2), (16, 2, 2), (24, 1, 1)]      # planes, repeats, stride of the first
        blocks, prev = [], 8
        for planes, n, s in settings:
            for i in range(n):
                blocks.append(LinearBottleneck(prev, planes, stride=s if i == 0 else 1))
                prev = planes
        self.bottlenecks = nn.Sequential(*blocks)
        self.fc = nn.Linear(prev, num_classes)

    def forward(self, x):
        x = F.relu6(self.bn1(self.conv1(x)))
        x = self.bottlenecks(x)
        x = F.adaptive_avg_pool2d(x, 1).flatten(1)
        return self.fc(x)
