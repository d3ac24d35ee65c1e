import torch
from torch import nn


class Net(nn.Module):
    def __init__(self, side):
        super().__init__()
        self.conv = nn.Conv2d(3, 8, 5, stride=2)
        self.fc = nn.Linear(8 * side * side, 10)

    def forward(self, x):
        return self.fc(torch.relu(self.conv(x)).flatten(1))


net = Net(14)
batches = {"train": torch.rand(16, 3, 40, 40)}
for name, pictures in batches.items():
    print(name, net(pictures).shape)
