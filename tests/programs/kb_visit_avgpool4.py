import torch
import torch.nn as nn
import torch.nn.functional as F


class VisitNet(nn.Module):
    def __init__(self, out=256):
        super().__init__()
        self.conv1 = nn.Conv2d(7, 32, kernel_size=3, stride=1, padding=1, bias=False)
        self.bn1 = nn.BatchNorm2d(32)
        self.layer2 = nn.Conv2d(32, 64, 3, stride=2, padding=1)
        self.layer3 = nn.Conv2d(64, 128, 3, stride=2, padding=1)
        self.layer4 = nn.Conv2d(128, 152, 3, stride=2, padding=1)
        self.linear = nn.Linear(152, out)

    def forward(self, x):
        out = F.relu(self.bn1(self.conv1(x)))
        out = self.layer4(F.relu(self.layer3(F.relu(self.layer2(out)))))
        out = F.avg_pool2d(out, 4)
        out = out.view(out.size(0), -1)
        return self.linear(out)
