import torch
import torch.nn as nn


class DoubleConv(nn.Module):
    def __init__(self, cin, cout, p=0.2):
        super().__init__()
        self.p = p
        self.a = nn.Conv2d(cin, cout, 3, padding=1)
        self.b = nn.Conv2d(cout, cout, 3, padding=1)

    def forward(self, x):
        drop = nn.Dropout2d(self.p)
        x = torch.relu(self.a(x))
        x = drop(x)
        return torch.relu(self.b(x))


class MiniUNet(nn.Module):
    def __init__(self):
        super().__init__()
        self.down = DoubleConv(1, 8)
        self.pool = nn.MaxPool2d(2)
        self.mid = DoubleConv(8, 16)
        self.up = nn.ConvTranspose2d(16, 8, 2, stride=2)
        self.last = DoubleConv(16, 8)
        self.out = nn.Conv2d(8, 2, 1)

    def forward(self, x):
        d = self.down(x)
        u = self.up(self.mid(self.pool(d)))
        return self.out(self.last(torch.cat([d, u], 1)))


if __name__ == "__main__":
    net = MiniUNet().eval()
    print(net(torch.rand(1, 1, 32, 32)).mean())
