import torch
from torch import nn
from torch.utils.data import DataLoader, TensorDataset


class PumpAlarm(nn.Module):
    def __init__(self, sensors=5, hidden=24):
        super().__init__()
        self.lstm = nn.LSTM(sensors, hidden)
        self.out = nn.Linear(hidden, 1)

    def forward(self, x):
        y, _ = self.lstm(x.transpose(0, 1))
        return self.out(y[-1]).squeeze(-1)


def train():
    x = torch.randn(96, 16, 5)
    y = (x[:, -1].sum(-1) > 0).float()
    net = PumpAlarm()
    loss_fn = nn.BCEWithLogitsLoss()
    opt = torch.optim.Adam(net.parameters(), lr=1e-3)
    for xb, yb in DataLoader(TensorDataset(x, y), batch_size=16, shuffle=True):
        opt.zero_grad()
        loss = loss_fn(net(xb), yb)
        loss.backward()
        opt.step()


if __name__ == "__main__":
    train()
