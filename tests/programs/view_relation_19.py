import torch
import torch.nn as nn
import torch.nn.functional as F

FEATURE_DIM = 64


class CNNEncoder(nn.Module):
    def __init__(self):
        super(CNNEncoder, self).__init__()
        self.layer1 = nn.Sequential(
            nn.Conv2d(3, 64, kernel_size=3, padding=0), nn.BatchNorm2d(64, momentum=1, affine=True), nn.ReLU(), nn.MaxPool2d(2))
        self.layer2 = nn.Sequential(
            nn.Conv2d(64, 64, kernel_size=3, padding=0), nn.BatchNorm2d(64, momentum=1, affine=True), nn.ReLU(), nn.MaxPool2d(2))
        self.layer3 = nn.Sequential(nn.Conv2d(64, 64, kernel_size=3, padding=1), nn.BatchNorm2d(64), nn.ReLU())

    def forward(self, x):
        return self.layer3(self.layer2(self.layer1(x)))


class RelationModel(nn.Module):
    def __init__(self, way=5):
        super().__init__()
        self.encoder = CNNEncoder()
        self.layer1 = nn.Sequential(nn.Conv2d(FEATURE_DIM * 2, 64, 3), nn.ReLU(), nn.AdaptiveAvgPool2d(1))
        self.fc = nn.Linear(64, 1)

    def forward(self, samples):
        f = self.encoder(samples)
        n, c, h, w = f.shape
        left = f.unsqueeze(0).repeat(n, 1, 1, 1, 1)
        right = f.unsqueeze(1).repeat(1, n, 1, 1, 1)
        pairs = torch.cat((left, right), 2).view(-1, FEATURE_DIM * 2, 19, 19)
        out = self.layer1(pairs).flatten(1)
        return torch.sigmoid(self.fc(out)).view(n, n)
