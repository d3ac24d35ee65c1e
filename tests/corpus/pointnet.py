import torch
import torch.nn as nn
import torch.nn.functional as F


class PointNet(nn.Module):
    def __init__(self, classes=10):
        super().__init__()
        self.conv1 = nn.Conv1d(3, 64, 1)
        self.conv2 = nn.Conv1d(64, 128, 1)
        self.fc = nn.Linear(128, classes)

    def forward(self, points):
        # points: (B, 3, P)
        x = F.relu(self.conv1(points))
        x = F.relu(self.conv2(x))
        return self.fc(torch.max(x, 2)[0])
