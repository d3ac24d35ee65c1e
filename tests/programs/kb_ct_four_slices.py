import torch
import torch.nn as nn
import torch.nn.functional as F


class NoduleNet3D(nn.Module):
    def __init__(self, base=4):
        super().__init__()
        self.conv1 = nn.Conv3d(1, base, 3, padding=1)
        self.conv2 = nn.Conv3d(base, base * 2, 3, padding=1)
        self.conv3 = nn.Conv3d(base * 2, base * 4, 3)
        self.fc = nn.Linear(base * 4, 2)

    def forward(self, vol):
        x = F.max_pool3d(F.relu(self.conv1(vol)), 2)
        x = F.max_pool3d(F.relu(self.conv2(x)), 2)
        x = F.relu(self.conv3(x))
        return self.fc(x.mean((2, 3, 4)))


if __name__ == "__main__":
    ct = torch.randn(2, 1, 4, 32, 32)
    print(NoduleNet3D()(ct))
