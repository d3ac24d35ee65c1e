# Windows of a series, cut by time; scaled by what the training part says.
import copy

import torch
from torch import nn
from torch.utils.data import DataLoader, Dataset


class Windows(Dataset):
    def __init__(self, series, length=10, horizon=2):
        self.series, self.length, self.horizon = series, length, horizon

    def __len__(self):
        return len(self.series) - self.length - self.horizon + 1

    def __getitem__(self, i):
        end = i + self.length
        return self.series[i:end], self.series[end : end + self.horizon, 0]


class Forecaster(nn.Module):
    def __init__(self, features, hidden=24, horizon=2):
        super().__init__()
        self.gru = nn.GRU(features, hidden, num_layers=2, batch_first=True, dropout=0.1)
        self.head = nn.Linear(hidden, horizon)

    def forward(self, x):
        _, state = self.gru(x)
        return self.head(state[-1])


def main():
    torch.manual_seed(0)
    t = torch.arange(300) / 11
    series = torch.stack([t.sin() * 5 + 20, t.cos()], 1) + 0.1 * torch.randn(300, 2)
    mean, deviation = series[:220].mean(0), series[:220].std(0)
    series = (series - mean) / deviation
    train = DataLoader(Windows(series[:220]), 32, shuffle=True)
    valid = DataLoader(Windows(series[220:]), 32)
    net = Forecaster(2)
    optimizer = torch.optim.Adam(net.parameters(), lr=3e-3)
    plateau = torch.optim.lr_scheduler.ReduceLROnPlateau(optimizer, patience=1)
    best, weights = float("inf"), None
    for _epoch in range(4):
        net.train()
        for x, y in train:
            optimizer.zero_grad()
            nn.functional.huber_loss(net(x), y).backward()
            optimizer.step()
        net.eval()
        with torch.no_grad():
            value = sum(nn.functional.l1_loss(net(x), y, reduction="sum").item() for x, y in valid)
        plateau.step(value)
        if value < best:
            best, weights = value, copy.deepcopy(net.state_dict())
    net.load_state_dict(weights)
    print(best)


main()
