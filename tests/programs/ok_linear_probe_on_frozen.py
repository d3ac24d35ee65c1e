import argparse
import torch
import torch.nn as nn
from torch.utils.data import DataLoader, TensorDataset


class Backbone(nn.Module):
    def __init__(self, width=32):
        super().__init__()
        self.net = nn.Sequential(
            nn.Conv2d(3, width, 3, 2, 1), nn.BatchNorm2d(width), nn.ReLU(),
            nn.Conv2d(width, width * 2, 3, 2, 1), nn.BatchNorm2d(width * 2), nn.ReLU(),
            nn.AdaptiveAvgPool2d(1), nn.Flatten())
        self.projector = nn.Sequential(nn.Linear(width * 2, 64), nn.ReLU(), nn.Linear(64, 16))

    def features(self, x):
        return self.net(x)

    def forward(self, x):
        return self.projector(self.net(x))


class LinearProbe(nn.Module):
    def __init__(self, backbone=None, dim=64, classes=10):
        super().__init__()
        self.backbone = backbone or Backbone()
        self.backbone.requires_grad_(False)
        self.head = nn.Linear(dim, classes)

    def train(self, mode=True):
        super().train(mode)
        self.backbone.eval()
        return self

    def forward(self, x):
        with torch.no_grad():
            h = self.backbone.features(x)
        return self.head(h)


def main(argv=()):
    p = argparse.ArgumentParser()
    p.add_argument("--epochs", type=int, default=2)
    p.add_argument("--bs", type=int, default=16)
    args = p.parse_args(argv)
    probe = LinearProbe()
    opt = torch.optim.SGD(probe.head.parameters(), lr=0.1, momentum=0.9)
    data = TensorDataset(torch.rand(48, 3, 32, 32), torch.randint(0, 10, (48,)))
    loader = DataLoader(data, batch_size=args.bs, shuffle=True)
    lossf = nn.CrossEntropyLoss()
    for _ in range(args.epochs):
        probe.train()
        for x, y in loader:
            loss = lossf(probe(x), y)
            opt.zero_grad()
            loss.backward()
            opt.step()
    probe.eval()
    with torch.no_grad():
        return (probe(data.tensors[0]).argmax(1) == data.tensors[1]).float().mean().item()


if __name__ == "__main__":
    print(main())
