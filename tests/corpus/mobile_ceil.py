from torch import nn


class Net(nn.Module):
    def __init__(self):
        super().__init__()
        self.f = nn.Sequential(
            nn.Conv2d(3, 8, 3, stride=2), nn.ReLU(), nn.MaxPool2d(3, 2, ceil_mode=True),
            nn.Conv2d(8, 8, 3, groups=8, padding=1), nn.Conv2d(8, 16, 1), nn.MaxPool2d(3, 2, ceil_mode=True),
        )
        self.fc = nn.Linear(16 * 13 * 13, 10)

    def forward(self, x):
        return self.fc(self.f(x).flatten(1))
