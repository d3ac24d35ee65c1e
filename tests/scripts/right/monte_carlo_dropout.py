"""Regression with MC dropout: the dropout layers alone stay on when uncertainty is estimated."""

import torch
from torch import nn
from torch.utils.data import DataLoader, TensorDataset, random_split


class Net(nn.Module):
    def __init__(self, d):
        super().__init__()
        self.layers = nn.Sequential(
            nn.Linear(d, 64),
            nn.BatchNorm1d(64),
            nn.ReLU(),
            nn.Dropout(0.2),
            nn.Linear(64, 64),
            nn.ReLU(),
            nn.Dropout(0.2),
        )
        self.mean, self.log_var = nn.Linear(64, 1), nn.Linear(64, 1)

    def forward(self, x):
        h = self.layers(x)
        return self.mean(h), self.log_var(h)


def nll(mean, log_var, y):
    return (0.5 * torch.exp(-log_var) * (y - mean) ** 2 + 0.5 * log_var).mean()


def enable_dropout(model):
    for m in model.modules():
        if isinstance(m, nn.Dropout):
            m.train()


@torch.no_grad()
def predict(model, x, samples=20):
    model.eval()
    enable_dropout(model)
    draws = torch.stack([model(x)[0] for _ in range(samples)])
    return draws.mean(0), draws.std(0)


torch.manual_seed(0)
x = torch.randn(300, 5)
y = torch.sin(x[:, :1]) + 0.1 * torch.randn(300, 1)
train, test = random_split(TensorDataset(x, y), [250, 50])
net = Net(5)
opt = torch.optim.Adam(net.parameters(), lr=2e-3)
plateau = torch.optim.lr_scheduler.ReduceLROnPlateau(opt, patience=1)
for epoch in range(3):
    net.train()
    loss_sum = 0.0
    for a, b in DataLoader(train, 50, shuffle=True):
        opt.zero_grad()
        loss = nll(*net(a), b)
        loss.backward()
        opt.step()
        loss_sum += loss.item()
    a, b = next(iter(DataLoader(test, 50)))
    mean, std = predict(net, a)
    plateau.step(((mean - b) ** 2).mean())
    print(epoch, loss_sum, std.mean().item())
