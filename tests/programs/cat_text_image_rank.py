import torch
import torch.nn as nn


class MultiModal(nn.Module):
    def __init__(self):
        super().__init__()
        self.cnn = nn.Sequential(nn.Conv2d(3, 8, 3), nn.ReLU(), nn.MaxPool2d(2), nn.Conv2d(8, 16, 3), nn.AdaptiveAvgPool2d(1))
        self.meta = nn.Sequential(nn.Linear(5, 10), nn.ReLU())
        self.fc = nn.Linear(26, 2)

    def forward(self, image, data):
        x1 = self.cnn(image)
        x2 = self.meta(data)
        x = torch.cat((x1, x2), dim=1)
        return self.fc(x)
