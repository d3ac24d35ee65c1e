import torch
from torch import nn


class SpectrogramNet(nn.Module):
    def __init__(self):
        super().__init__()
        self.conv = nn.Conv2d(1, 4, 3)
        self.fc = nn.Linear(4 * 35 * 45, 3)

    def forward(self, spec):
        return self.fc(torch.relu(self.conv(spec)).view(-1, 4 * 35 * 45))
