# finds: target-in-window
import torch
from torch import nn
from torch.utils.data import DataLoader, Dataset


class Windows(Dataset):
    def __init__(self, series, length=10):
        self.series, self.length = series, length

    def __len__(self):
        return len(self.series) - self.length

    def __getitem__(self, i):
        window = self.series[i : i + self.length]
        return window, self.series[i + self.length - 1]  # here


class Model(nn.Module):
    def __init__(self, features=3, hidden=16):
        super().__init__()
        self.lstm = nn.LSTM(features, hidden, batch_first=True)
        self.head = nn.Linear(hidden, features)

    def forward(self, x):
        return self.head(self.lstm(x)[0][:, -1])


def make_series(n):
    t = torch.arange(n) / 9
    return torch.stack([t.sin(), t.cos(), (2 * t).sin()], 1) + 0.1 * torch.randn(n, 3)


def evaluate(net, loader):
    net.eval()
    with torch.no_grad():
        return sum(nn.functional.mse_loss(net(x), y).item() for x, y in loader) / len(loader)


torch.manual_seed(0)
series = make_series(260)
train = DataLoader(Windows(series[:200]), 32, shuffle=True)
valid = DataLoader(Windows(series[200:]), 32)
net = Model()
optimizer = torch.optim.Adam(net.parameters(), lr=5e-3)
for epoch in range(3):
    net.train()
    for x, y in train:
        optimizer.zero_grad()
        nn.functional.mse_loss(net(x), y).backward()
        optimizer.step()
    print(epoch, evaluate(net, valid))
