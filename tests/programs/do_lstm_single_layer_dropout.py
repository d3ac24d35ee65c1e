import torch
import torch.nn as nn


class StockLSTM(nn.Module):
    """Next-day close from the last 30 days of (open, high, low, close, volume)."""

    def __init__(self, n_features=5, hidden=64, dropout=0.4):
        super(StockLSTM, self).__init__()
        self.hidden = hidden
        self.lstm = nn.LSTM(
            input_size=n_features,
            hidden_size=hidden,
            num_layers=1,
            dropout=dropout,
            batch_first=True,
        )
        self.fc = nn.Linear(hidden, 1)

    def forward(self, x):
        h0 = torch.zeros(1, x.size(0), self.hidden, device=x.device)
        c0 = torch.zeros(1, x.size(0), self.hidden, device=x.device)
        out, _ = self.lstm(x, (h0, c0))
        return self.fc(out[:, -1, :])


if __name__ == "__main__":
    model = StockLSTM()
    print(model(torch.rand(16, 30, 5)).shape)
