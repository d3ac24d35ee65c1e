import torch
import torch.nn as nn


class HSI(nn.Module):
    def __init__(self, bands=20, classes=9):
        super().__init__()
        self.spec = nn.Sequential(nn.Conv3d(1, 4, (5, 3, 3)), nn.ReLU(), nn.Conv3d(4, 8, (3, 3, 3)), nn.ReLU())
        with torch.no_grad():
            b, c, d, h, w = self.spec(torch.zeros(1, 1, bands, 9, 9)).shape
        self.spat = nn.Sequential(nn.Conv2d(c * d, 16, 3), nn.ReLU(), nn.Flatten())
        self.head = nn.Linear(16 * (h - 2) * (w - 2), classes)

    def forward(self, x):
        if x.dim() == 4:
            x = x[:, None]
        x = self.spec(x)
        x = x.view(x.size(0), x.size(1) * x.size(2), x.size(3), x.size(4))
        return self.head(self.spat(x))


if __name__ == "__main__":
    print(HSI()(torch.rand(6, 20, 9, 9)).argmax(1))
