# finds: state-is-live
import torch
from torch import nn


class EarlyStopping:
    def __init__(self, patience=3):
        self.patience, self.best, self.bad, self.weights = patience, float("inf"), 0, None

    def __call__(self, value, net):
        if value < self.best:
            self.best, self.bad = value, 0
            self.weights = {name: tensor.detach() for name, tensor in net.state_dict().items()}  # here
        else:
            self.bad += 1
        return self.bad >= self.patience


class Forecaster(nn.Module):
    def __init__(self, hidden=16):
        super().__init__()
        self.rnn = nn.GRU(1, hidden, batch_first=True)
        self.head = nn.Linear(hidden, 1)

    def forward(self, x):
        return self.head(self.rnn(x)[0][:, -1])


def windows(series, length=12):
    pieces = series.unfold(0, length + 1, 1)
    return pieces[:, :-1, None], pieces[:, -1:]


def run():
    torch.manual_seed(0)
    series = torch.sin(torch.arange(200) / 7.0) + 0.05 * torch.randn(200)
    x, y = windows(series[:150])
    vx, vy = windows(series[150:])
    net, stopper = Forecaster(), EarlyStopping()
    optimizer = torch.optim.Adam(net.parameters(), lr=5e-3)
    for _epoch in range(6):
        net.train()
        for rows in torch.randperm(len(x)).split(32):
            optimizer.zero_grad()
            nn.functional.mse_loss(net(x[rows]), y[rows]).backward()
            optimizer.step()
        net.eval()
        with torch.no_grad():
            value = nn.functional.mse_loss(net(vx), vy).item()
        if stopper(value, net):
            break
    net.load_state_dict(stopper.weights)
    print(stopper.best)


run()
