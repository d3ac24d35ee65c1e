import torch
from torch import nn


class PricePredictor(nn.Module):
    def __init__(self, n_features=5, hidden=32):
        super().__init__()
        self.lstm = nn.LSTM(n_features, hidden, num_layers=2, batch_first=True, dropout=0.1)
        self.head = nn.Linear(hidden, 1)

    def forward(self, window):
        _, (h, _) = self.lstm(window)
        return self.head(h[-1])


def rmse_loss(pred, actual):
    return torch.sqrt(((pred - actual) ** 2).mean() + 1e-8)


def make_windows(series, lookback):
    xs = torch.stack([series[i : i + lookback] for i in range(len(series) - lookback)])
    ys = series[lookback:, 3]           # the closing price of the next day
    return xs, ys


def train_model(epochs=2, batch=32):
    series = torch.cumsum(torch.randn(190, 5) * 0.01, dim=0) + 1
    X, y = make_windows(series, lookback=30)
    data = torch.utils.data.TensorDataset(X, y)
    model = PricePredictor()
    opt = torch.optim.Adam(model.parameters(), lr=1e-3)
    for epoch in range(epochs):
        running = 0.0
        for xb, yb in torch.utils.data.DataLoader(data, batch_size=batch, shuffle=True):
            opt.zero_grad()
            loss = rmse_loss(model(xb), yb)
            loss.backward()
            opt.step()
            running += loss.item() * len(xb)
    return running / len(data)


if __name__ == "__main__":
    print(train_model())
