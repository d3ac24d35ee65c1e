import argparse

import torch
from torch import nn
from torch.utils.data import DataLoader, Subset, TensorDataset


def build():
    return nn.Sequential(nn.Linear(9, 32), nn.BatchNorm1d(32), nn.ReLU(), nn.Dropout(0.2), nn.Linear(32, 1))


def run_epoch(model, loader, optimizer=None):
    training = optimizer is not None
    model.train() if training else model.eval()
    total = 0.0
    with torch.set_grad_enabled(training):
        for x, y in loader:
            loss = nn.functional.binary_cross_entropy_with_logits(model(x).squeeze(1), y)
            if training:
                optimizer.zero_grad()
                loss.backward()
                optimizer.step()
            total += loss.item() * len(x)
    return total / len(loader.dataset)


if __name__ == "__main__":
    args = argparse.ArgumentParser()
    args.add_argument("--folds", type=int, default=4)
    args.add_argument("--epochs", type=int, default=2)
    args = args.parse_args()
    torch.manual_seed(0)
    x = torch.randn(200, 9)
    y = (x[:, 0] * x[:, 1] > 0).float()
    dataset = TensorDataset(x, y)
    folds = torch.randperm(200).chunk(args.folds)
    scores = []
    for k in range(args.folds):
        train = torch.cat([f for i, f in enumerate(folds) if i != k])
        model = build()
        opt = torch.optim.Adam(model.parameters(), lr=1e-2)
        train_loader = DataLoader(Subset(dataset, train.tolist()), batch_size=75, shuffle=True)
        test_loader = DataLoader(Subset(dataset, folds[k].tolist()), batch_size=50)
        for _ in range(args.epochs):
            run_epoch(model, train_loader, opt)
        scores.append(run_epoch(model, test_loader))
    print(sum(scores) / len(scores))
