import torch
from torch import nn


class TeacherNet(nn.Module):
    def __init__(self, width=32):
        super(TeacherNet, self).__init__()
        self.net = nn.Sequential(nn.Linear(20, width), nn.ReLU(), nn.Linear(width, 5))

    def forward(self, x):
        return self.net(x)


class StudentNet(nn.Module):
    def __init__(self, width=8):
        super(TeacherNet, self).__init__()
        self.net = nn.Sequential(nn.Linear(20, width), nn.ReLU(), nn.Linear(width, 5))

    def forward(self, x):
        return self.net(x)
