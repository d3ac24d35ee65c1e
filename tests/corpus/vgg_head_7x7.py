from torch import nn


def block(cin, cout, n):
    layers = []
    for i in range(n):
        layers.append(nn.Conv2d(cin if i == 0 else cout, cout, 3, padding=1))
        layers.append(nn.ReLU())
    layers.append(nn.MaxPool2d(2))
    return nn.Sequential(*layers)


class SmallVGG(nn.Module):
    def __init__(self):
        super().__init__()
        self.body = nn.Sequential(block(3, 8, 1), block(8, 16, 1), block(16, 32, 2), block(32, 32, 2), block(32, 32, 2))
        self.head = nn.Sequential(nn.Flatten(), nn.Linear(32 * 7 * 7, 100), nn.ReLU(), nn.Linear(100, 5))

    def forward(self, img):
        return self.head(self.body(img))
