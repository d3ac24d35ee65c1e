import torch
import torch.nn as nn
from torch.utils.data import Dataset


class Chomp1d(nn.Module):
    def __init__(self, chomp):
        super().__init__()
        self.chomp = chomp

    def forward(self, x):
        return x[:, :, :-self.chomp].contiguous()


class TemporalBlock(nn.Module):
    def __init__(self, n_in, n_out, k, dilation, dropout=0.2):
        super().__init__()
        pad = (k - 1) * dilation
        self.net = nn.Sequential(
            nn.Conv1d(n_in, n_out, k, padding=pad, dilation=dilation), Chomp1d(pad), nn.ReLU(), nn.Dropout(dropout),
            nn.Conv1d(n_out, n_out, k, padding=pad, dilation=dilation), Chomp1d(pad), nn.ReLU(), nn.Dropout(dropout),
        )
        self.down = nn.Conv1d(n_in, n_out, 1) if n_in != n_out else None

    def forward(self, x):
        res = x if self.down is None else self.down(x)
        return torch.relu(self.net(x) + res)


class TCN(nn.Module):
    def __init__(self, n_in, channels, k=3):
        super().__init__()
        self.network = nn.Sequential(*[
            TemporalBlock(n_in if i == 0 else channels[i - 1], c, k, 2 ** i) for i, c in enumerate(channels)
        ])

    def forward(self, x):
        return self.network(x)


class TCNForecaster(nn.Module):
    def __init__(self, n_features=7, horizon=12, channels=(16, 16, 16)):
        super().__init__()
        self.tcn = TCN(n_features, channels)
        self.out = nn.Linear(channels[-1], horizon)

    def forward(self, x):
        y = self.tcn(x)
        return self.out(y[:, :, -1])


class ETT(Dataset):
    def __init__(self, n=300, window=48, horizon=12):
        self.data, self.window, self.horizon = torch.randn(n, 7), window, horizon

    def __len__(self):
        return len(self.data) - self.window - self.horizon

    def __getitem__(self, i):
        w = self.data[i:i + self.window]
        return w, self.data[i + self.window:i + self.window + self.horizon, -1]


if __name__ == "__main__":
    x, y = next(iter(torch.utils.data.DataLoader(ETT(), batch_size=16)))
    print(nn.functional.mse_loss(TCNForecaster()(x), y))
