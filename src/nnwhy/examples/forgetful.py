"""A training script that runs without an error and forgets one thing: what `nnwhy run` is for."""

import argparse

import torch
import torch.nn.functional as F
from torch.utils.data import DataLoader, TensorDataset, random_split

from nnwhy.data import digits, normalised
from nnwhy.examples.recipe import Net


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--epochs", type=int, default=1)
    epochs = parser.parse_args().epochs

    torch.manual_seed(0)
    images, labels = digits()
    data = TensorDataset(torch.from_numpy(normalised(images)), torch.from_numpy(labels).long())
    training, testing, _ = random_split(data, [600, 200, len(data) - 800])
    net = Net()
    optimizer = torch.optim.Adam(net.parameters())

    for epoch in range(epochs):
        net.train()
        for x, y in DataLoader(training, batch_size=50, shuffle=True):
            loss = F.cross_entropy(net(x), y)
            loss.backward()
            optimizer.step()
        net.eval()
        with torch.no_grad():
            losses = [F.cross_entropy(net(x), y) for x, y in DataLoader(testing, batch_size=100)]
        print(f"epoch {epoch + 1} of {epochs}, {len(losses)} batches tested")


if __name__ == "__main__":
    main()
