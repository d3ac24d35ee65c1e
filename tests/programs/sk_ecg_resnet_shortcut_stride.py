import torch
import torch.nn as nn


class SEGate(nn.Module):
    def __init__(self, c, r=4):
        super().__init__()
        self.fc = nn.Sequential(nn.Linear(c, c // r), nn.ReLU(), nn.Linear(c // r, c), nn.Sigmoid())

    def forward(self, x):
        return x * self.fc(x.mean(-1)).unsqueeze(-1)


class BasicBlock1d(nn.Module):
    def __init__(self, c_in, c_out, stride=1, k=7):
        super().__init__()
        self.body = nn.Sequential(
            nn.Conv1d(c_in, c_out, k, stride, k // 2, bias=False),
            nn.BatchNorm1d(c_out),
            nn.ReLU(inplace=True),
            nn.Conv1d(c_out, c_out, k, 1, k // 2, bias=False),
            nn.BatchNorm1d(c_out),
            SEGate(c_out),
        )
        if stride != 1 or c_in != c_out:
            self.skip = nn.Conv1d(c_in, c_out, kernel_size=1)
        else:
            self.skip = nn.Identity()

    def forward(self, x):
        out = self.body(x) + self.skip(x)
        return torch.relu(out)


class ECGResNet(nn.Module):
    def __init__(self, leads=12, classes=5, width=16, blocks=(1, 1, 1)):
        super().__init__()
        self.stem = nn.Sequential(nn.Conv1d(leads, width, 15, 2, 7, bias=False), nn.BatchNorm1d(width), nn.ReLU())
        layers, c = [], width
        for stage, n in enumerate(blocks):
            for i in range(n):
                layers.append(BasicBlock1d(c, width * 2 ** stage, stride=2 if i == 0 and stage else 1))
                c = width * 2 ** stage
        self.layers = nn.Sequential(*layers)
        self.head = nn.Sequential(nn.AdaptiveMaxPool1d(1), nn.Flatten(), nn.Linear(c, classes))

    def forward(self, sig):
        return self.head(self.layers(self.stem(sig)))


def focal(logits, y, gamma=2.0):
    ce = nn.functional.cross_entropy(logits, y, reduction="none")
    return ((1 - torch.exp(-ce)) ** gamma * ce).mean()


if __name__ == "__main__":
    net = ECGResNet()
    print(focal(net(torch.randn(2, 12, 1000)), torch.tensor([0, 3])))
