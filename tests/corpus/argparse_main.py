import argparse

import torch
from torch import nn


class Model(nn.Module):
    def __init__(self, in_dim, hidden, depth, out_dim=1):
        super().__init__()
        layers = [nn.Linear(in_dim, hidden), nn.ReLU()]
        for _ in range(depth):
            layers += [nn.Linear(hidden, hidden), nn.ReLU()]
        self.net = nn.Sequential(*layers, nn.Linear(hidden, out_dim))

    def forward(self, x):
        return self.net(x)


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--in-dim", type=int, default=13)
    parser.add_argument("--hidden", type=int, default=32)
    parser.add_argument("--depth", type=int, default=2)
    parser.add_argument("--epochs", type=int, default=100000)
    args = parser.parse_args()
    model = Model(args.in_dim, args.hidden, args.depth)
    for _ in range(args.epochs):
        model(torch.randn(8, args.in_dim))


if __name__ == "__main__":
    main()
