# finds: without-effect
import argparse

import torch
import torch.nn as nn
from torch.utils.data import DataLoader, TensorDataset


def get_args():
    p = argparse.ArgumentParser()
    p.add_argument("--freeze", action="store_true", default=True)
    p.add_argument("--epochs", type=int, default=2)
    return p.parse_args()


class MobileLike(nn.Module):
    def __init__(self):
        super().__init__()
        self.features = nn.Sequential(
            nn.Conv2d(3, 8, 3, 2, 1),
            nn.ReLU6(),
            nn.Conv2d(8, 8, 3, 1, 1, groups=8),
            nn.ReLU6(),
            nn.Conv2d(8, 16, 1),
            nn.ReLU6(),
        )
        self.classifier = nn.Linear(16, 1000)

    def forward(self, x):
        return self.classifier(self.features(x).mean([2, 3]))


def build(args):
    model = MobileLike()
    if args.freeze:
        model.features.requires_grad = False  # here
    model.classifier = nn.Linear(16, 4)
    return model


def main():
    args = get_args()
    torch.manual_seed(0)
    model = build(args)
    opt = torch.optim.SGD((p for p in model.parameters() if p.requires_grad), lr=1e-2, momentum=0.9)
    data = TensorDataset(torch.randn(80, 3, 16, 16), torch.randint(0, 4, (80,)))
    for epoch in range(args.epochs):
        for x, y in DataLoader(data, batch_size=16, shuffle=True):
            opt.zero_grad()
            loss = nn.functional.cross_entropy(model(x), y)
            loss.backward()
            opt.step()
        print(epoch, loss.item())


main()
