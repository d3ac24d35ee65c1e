import torch
from torch import nn
from torch.utils.data import DataLoader, TensorDataset

LOOKBACK = 20
BATCH = 20


class LoadForecaster(nn.Module):
    def __init__(self, n_sensors=6, hidden=32):
        super().__init__()
        self.rnn = nn.LSTM(n_sensors, hidden, num_layers=2, batch_first=True, dropout=0.1)
        self.out = nn.Linear(hidden, 1)

    def forward(self, window):
        states, _ = self.rnn(window)
        last = states[-1]
        return self.out(last)


def make_windows(n=200):
    t = torch.arange(n + LOOKBACK).float().unsqueeze(1)
    series = torch.sin(t / torch.arange(1, 7)) + 0.1 * torch.randn(n + LOOKBACK, 6)
    x = torch.stack([series[i : i + LOOKBACK] for i in range(n)])
    y = torch.stack([series[i + LOOKBACK, :1] for i in range(n)])
    return TensorDataset(x, y)


def train():
    loader = DataLoader(make_windows(), batch_size=BATCH, shuffle=True)
    net = LoadForecaster()
    criterion = nn.MSELoss()
    adam = torch.optim.Adam(net.parameters(), lr=1e-3)
    for epoch in range(2):
        for x, y in loader:
            adam.zero_grad()
            loss = criterion(net(x), y)
            loss.backward()
            adam.step()


if __name__ == "__main__":
    train()
