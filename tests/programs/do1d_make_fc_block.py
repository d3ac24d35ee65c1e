import torch
from torch import nn


def tdnn_block(cin, cout, kernel, dilation, p):
    return nn.Sequential(
        nn.Conv1d(cin, cout, kernel, dilation=dilation),
        nn.ReLU(),
        nn.BatchNorm1d(cout),
        nn.Dropout1d(p / 4),
    )


def fc_block(sizes, p):
    layers = []
    for a, b in zip(sizes[:-1], sizes[1:]):
        layers.append(nn.Linear(a, b))
        layers.append(nn.BatchNorm1d(b))
        layers.append(nn.ReLU())
        layers.append(nn.Dropout1d(p))
    return nn.Sequential(*layers)


class StatsPooling(nn.Module):
    def forward(self, x):
        return torch.cat([x.mean(dim=2), x.std(dim=2)], dim=1)


class SpeakerNet(nn.Module):
    def __init__(self, n_mfcc=40, width=64, embed=96, n_speakers=30, p=0.4):
        super().__init__()
        self.frames = nn.Sequential(
            tdnn_block(n_mfcc, width, 5, 1, p),
            tdnn_block(width, width, 3, 2, p),
            tdnn_block(width, width, 3, 3, p),
        )
        self.pool = StatsPooling()
        self.fc = fc_block([2 * width, embed, embed], p)
        self.out = nn.Linear(embed, n_speakers)

    def embed(self, x):
        stats = self.pool(self.frames(x))
        return self.fc(stats)

    def forward(self, x):
        return self.out(self.embed(x))


if __name__ == "__main__":
    net = SpeakerNet()
    print(net(torch.rand(16, 40, 100)).shape)
