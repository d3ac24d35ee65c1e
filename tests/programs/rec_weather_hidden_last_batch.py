import torch
import torch.nn as nn
from torch.utils.data import DataLoader, TensorDataset

BATCH = 10


class WeatherLSTM(nn.Module):
    def __init__(self, n_features=5, n_hidden=16, n_layers=2):
        super().__init__()
        self.n_hidden = n_hidden
        self.n_layers = n_layers
        self.lstm = nn.LSTM(n_features, n_hidden, n_layers, batch_first=True)
        self.linear = nn.Linear(n_hidden, 1)

    def init_hidden(self, batch_size=BATCH):
        return (
            torch.zeros(self.n_layers, batch_size, self.n_hidden),
            torch.zeros(self.n_layers, batch_size, self.n_hidden),
        )

    def forward(self, x):
        self.hidden = self.init_hidden()
        out, self.hidden = self.lstm(x, self.hidden)
        return self.linear(out[:, -1])


def main():
    X, y = torch.randn(54, 24, 5), torch.randn(54, 1)
    loader = DataLoader(TensorDataset(X, y), batch_size=BATCH, shuffle=True)
    model = WeatherLSTM()
    criterion = nn.MSELoss()
    optimizer = torch.optim.Adam(model.parameters(), lr=0.01)
    for epoch in range(1):
        for xb, yb in loader:
            optimizer.zero_grad()
            loss = criterion(model(xb), yb)
            loss.backward()
            optimizer.step()


if __name__ == "__main__":
    main()
