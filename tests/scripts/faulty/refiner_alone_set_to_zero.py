# finds: gradients-accumulate
from dataclasses import dataclass, field

import torch
from torch import nn


@dataclass
class Optim:
    lr: float = 1e-3
    name: str = "AdamW"


@dataclass
class Config:
    width: int = 8
    steps: int = 6
    optim: Optim = field(default_factory=Optim)


class SmallUNet(nn.Module):
    def __init__(self, width):
        super().__init__()
        self.down = nn.Sequential(nn.Conv2d(3, width, 3, padding=1), nn.BatchNorm2d(width), nn.ReLU())
        self.deep = nn.Sequential(nn.Conv2d(width, 2 * width, 3, stride=2, padding=1), nn.ReLU())
        self.up = nn.ConvTranspose2d(2 * width, width, 2, stride=2)
        self.head = nn.Conv2d(2 * width, 4, 1)

    def forward(self, x):
        high = self.down(x)
        return self.head(torch.cat([high, self.up(self.deep(high))], 1))


class SegmentationTrainer:
    def __init__(self, config):
        self.config = config
        self.net = SmallUNet(config.width)
        self.head_net = nn.Conv2d(4, 4, 1)
        make = getattr(torch.optim, config.optim.name)
        self.optimizer = make(self.net.parameters(), lr=config.optim.lr)
        self.refiner = make(self.head_net.parameters(), lr=config.optim.lr)
        self.criterion = nn.CrossEntropyLoss()

    def batch(self):
        return torch.randn(4, 3, 16, 16), torch.randint(0, 4, (4, 16, 16))

    def training_step(self, images, masks):
        self.refiner.zero_grad()
        scores = self.head_net(self.net(images))
        loss = self.criterion(scores, masks)
        loss.backward()  # here
        self.optimizer.step()
        self.refiner.step()
        return loss.item()

    def fit(self):
        for _ in range(self.config.steps):
            loss = self.training_step(*self.batch())
        print(loss)


torch.manual_seed(1)
SegmentationTrainer(Config()).fit()
