from dataclasses import dataclass

from torch import nn


@dataclass
class Config:
    features: int = 9
    width: int = 24


class Net(nn.Module):
    def __init__(self, config: Config):
        super().__init__()
        self.net = nn.Sequential(nn.Linear(config.features, config.width), nn.GELU(), nn.Linear(config.width, 1))

    def forward(self, x):
        return self.net(x)


config = Config(width=48)


def build():
    net = Net(config)
    return net
