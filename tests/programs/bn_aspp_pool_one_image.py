import torch
import torch.nn as nn
import torch.nn.functional as F


class ASPP(nn.Module):
    def __init__(self, inplanes=32):
        super(ASPP, self).__init__()
        self.aspp1 = nn.Sequential(nn.Conv2d(inplanes, 16, 1, bias=False), nn.BatchNorm2d(16), nn.ReLU())
        self.aspp2 = nn.Sequential(nn.Conv2d(inplanes, 16, 3, padding=6, dilation=6, bias=False), nn.BatchNorm2d(16), nn.ReLU())
        self.global_avg_pool = nn.Sequential(nn.AdaptiveAvgPool2d((1, 1)),
                                             nn.Conv2d(inplanes, 16, 1, stride=1, bias=False),
                                             nn.BatchNorm2d(16), nn.ReLU())  # image level
        self.conv1 = nn.Conv2d(48, 16, 1, bias=False)
        self.bn1 = nn.BatchNorm2d(16)
        self.dropout = nn.Dropout(0.5)

    def forward(self, x):
        x1 = self.aspp1(x)
        x2 = self.aspp2(x)
        x5 = self.global_avg_pool(x)
        x5 = F.interpolate(x5, size=x2.size()[2:], mode='bilinear', align_corners=True)
        x = torch.cat((x1, x2, x5), dim=1)
        return self.dropout(F.relu(self.bn1(self.conv1(x))))
