import torch
from torch import nn


class Net(nn.Module):
    def __init__(self):
        super().__init__()
        self.conv = nn.Conv2d(3, 4, 3, padding=1)

    def forward(self, x):
        return self.conv(x).mean(dim=(2, 3))


batch_size = 16
height, width = 48, 64
model = Net()
x = torch.randn(batch_size, 3, height, width)
y = model(x)
print(y.shape)
