# finds: sequence-order
import torch
import torch.nn as nn
from torch.utils.data import DataLoader, TensorDataset


class Forecaster(nn.Module):
    def __init__(self, features=3, hidden=20):
        super().__init__()
        self.lstm = nn.LSTM(features, hidden, num_layers=1)  # here
        self.linear = nn.Linear(hidden, 1)

    def forward(self, x):  # x: batch, time, features
        out, _ = self.lstm(x)
        return self.linear(out[:, -1, :])


def windows(n=400, length=15):
    t = torch.arange(n + length) * 0.1
    series = torch.stack([t.sin(), t.cos(), (2 * t).sin()], dim=1)
    xs = torch.stack([series[i : i + length] for i in range(n)])
    ys = torch.stack([series[i + length, :1] for i in range(n)])
    return TensorDataset(xs, ys)


torch.manual_seed(0)
model = Forecaster()
opt = torch.optim.Adam(model.parameters(), lr=5e-3)
for epoch in range(2):
    for xb, yb in DataLoader(windows(), batch_size=40, shuffle=True):
        opt.zero_grad()
        loss = nn.functional.mse_loss(model(xb), yb)
        loss.backward()
        opt.step()
    print(epoch, loss.item())
