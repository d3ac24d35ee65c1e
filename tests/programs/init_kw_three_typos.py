import torch
from torch import nn


class SelfGAN(nn.Module):
    def __init__(self, channels=1):
        super().__init__()
        self.conv1 = nn.Conv2d(channels, 16, kernal_size=3, stride=2, padding=1)
        self.conv2 = nn.Conv2d(16, 32, kernel_size=3, strides=2, padding=1)
        self.drop = nn.Dropout(prob=0.3)
        self.fc = nn.Linear(32 * 7 * 7, 1)

    def forward(self, x):
        x = torch.relu(self.conv1(x))
        x = self.drop(torch.relu(self.conv2(x)))
        return self.fc(x.flatten(1))
