import torch
from torch import nn
from torch.utils.data import DataLoader, TensorDataset


class LoadNet(nn.Module):
    def __init__(self, lags=24):
        super().__init__()
        self.seq = nn.Sequential(nn.Linear(lags, 48), nn.ReLU(), nn.Linear(48, 1))

    def forward(self, x):
        return self.seq(x)


def windows(series, lags):
    x = torch.stack([series[i:i + lags] for i in range(len(series) - lags)])
    y = series[lags:]
    return x, y


def main():
    t = torch.arange(164, dtype=torch.float32)
    series = torch.sin(t / 6) + 0.1 * torch.randn(164)
    x, y = windows(series, 24)
    loader = DataLoader(TensorDataset(x, y), batch_size=20, shuffle=True)
    model = LoadNet()
    loss_fn = nn.MSELoss()
    optimizer = torch.optim.Adam(model.parameters(), lr=0.01)
    for epoch in range(3):
        for xb, yb in loader:
            pred = model(xb)
            loss = loss_fn(pred, yb)
            optimizer.zero_grad()
            loss.backward()
            optimizer.step()
    return model


if __name__ == "__main__":
    main()
