import torch
from torch import nn


class PixelNet(nn.Module):
    def __init__(self):
        super().__init__()
        self.conv = nn.Conv2d(3, 8, 3, padding=1)
        self.fc = nn.Linear(8, 2)

    def forward(self, image):
        x = torch.relu(self.conv(image))
        return self.fc(x.mean(dim=(2, 3)))


def run():
    images = torch.randint(0, 256, (4, 3, 24, 24), dtype=torch.uint8)
    return PixelNet()(images)
