# finds: data-not-shuffled
import argparse

import torch
from torch import nn
from torch.utils.data import DataLoader, Dataset


class Folder(Dataset):
    """As a folder for each class, read one after the other."""

    def __init__(self, per_class, classes):
        self.items = [(c, i) for c in range(classes) for i in range(per_class)]

    def __len__(self):
        return len(self.items)

    def __getitem__(self, k):
        c, i = self.items[k]
        g = torch.Generator().manual_seed(1000 * c + i)
        x = torch.randn(3, 10, 10, generator=g)
        x[c] += 1
        return x, c


def loaders(args):
    train, test = Folder(60, 3), Folder(10, 3)
    return DataLoader(train, batch_size=args.batch_size), DataLoader(test, batch_size=args.batch_size)  # here


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--batch-size", type=int, default=15)
    args = parser.parse_args()
    torch.manual_seed(0)
    train, test = loaders(args)
    net = nn.Sequential(nn.Conv2d(3, 8, 3), nn.ReLU(), nn.AdaptiveAvgPool2d(1), nn.Flatten(), nn.Linear(8, 3))
    opt = torch.optim.SGD(net.parameters(), lr=0.05)
    for epoch in range(2):
        net.train()
        for x, y in train:
            opt.zero_grad()
            nn.functional.cross_entropy(net(x), y).backward()
            opt.step()
        net.eval()
        with torch.no_grad():
            print(epoch, sum((net(x).argmax(1) == y).sum().item() for x, y in test) / len(test.dataset))


if __name__ == "__main__":
    main()
