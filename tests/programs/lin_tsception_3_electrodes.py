import torch
from torch import nn


class TSCeption(nn.Module):
    def __init__(self, num_electrodes=3, num_T=9, num_S=15, hid_channels=32, num_classes=2):
        super().__init__()
        self.Tception1 = nn.Sequential(nn.Conv2d(1, num_T, kernel_size=(1, 64)), nn.LeakyReLU(), nn.AvgPool2d((1, 8)))
        self.Sception1 = nn.Sequential(nn.Conv2d(num_T, num_S, kernel_size=(num_electrodes, 1)), nn.LeakyReLU())
        half = num_electrodes // 2
        self.Sception2 = nn.Sequential(nn.Conv2d(num_T, num_S, kernel_size=(half, 1), stride=(half, 1)), nn.LeakyReLU())
        self.fusion_layer = nn.Sequential(nn.Conv2d(num_S, num_S, kernel_size=(3, 1)), nn.LeakyReLU(), nn.AvgPool2d((1, 4)))
        self.BN_fusion = nn.BatchNorm2d(num_S)
        self.fc = nn.Sequential(nn.Linear(num_S, hid_channels), nn.ReLU(), nn.Linear(hid_channels, num_classes))

    def forward(self, x):
        y = self.Tception1(x)
        z = torch.cat((self.Sception1(y), self.Sception2(y)), dim=2)
        z = self.BN_fusion(self.fusion_layer(z))
        z = torch.squeeze(torch.mean(z, dim=-1), dim=-1)
        return self.fc(z)
