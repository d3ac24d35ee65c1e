from torch import nn


class ESPCN(nn.Module):
    def __init__(self, scale=3):
        super().__init__()
        self.net = nn.Sequential(
            nn.Conv2d(1, 16, 5, padding=2), nn.Tanh(), nn.Conv2d(16, 8, 3, padding=1), nn.Tanh(),
            nn.Conv2d(8, scale**2, 3, padding=1), nn.PixelShuffle(scale),
        )

    def forward(self, low):
        return self.net(low)
