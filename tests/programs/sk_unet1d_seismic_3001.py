import torch
import torch.nn as nn

samples = 3001


class Down(nn.Module):
    def __init__(self, i, o, k=7):
        super().__init__()
        self.same = nn.Sequential(nn.Conv1d(i, o, k, padding="same", bias=False), nn.BatchNorm1d(o), nn.ReLU())
        self.down = nn.Conv1d(o, o, k, stride=4, padding=k // 2)

    def forward(self, x):
        x = self.same(x)
        return x, torch.relu(self.down(x))


class Up(nn.Module):
    def __init__(self, i, o, k=7):
        super().__init__()
        self.up = nn.ConvTranspose1d(i, o, kernel_size=4, stride=4)
        self.same = nn.Sequential(nn.Conv1d(2 * o, o, k, padding="same", bias=False), nn.BatchNorm1d(o), nn.ReLU())

    def forward(self, x, skip):
        x = self.up(x)
        x = torch.cat([skip, x], dim=1)
        return self.same(x)


class PhasePicker(nn.Module):
    """noise / P / S probabilities for three-component records of 30 s at 100 Hz"""

    def __init__(self, widths=(8, 12, 16)):
        super().__init__()
        self.downs = nn.ModuleList()
        c = 3
        for w in widths:
            self.downs.append(Down(c, w))
            c = w
        self.mid = nn.Conv1d(c, c, 7, padding="same")
        self.ups = nn.ModuleList([Up(i, o) for i, o in zip((16, 16, 12), (16, 12, 8))])
        self.out = nn.Conv1d(8, 3, 1)

    def forward(self, x):
        skips = []
        for d in self.downs:
            s, x = d(x)
            skips.append(s)
        x = torch.relu(self.mid(x))
        for u, s in zip(self.ups, reversed(skips)):
            x = u(x, s)
        return self.out(x).softmax(1)


def main():
    wave = torch.randn(2, 3, samples)
    p = PhasePicker()(wave)
    print((-torch.log(p + 1e-5)).mean())


if __name__ == "__main__":
    main()
