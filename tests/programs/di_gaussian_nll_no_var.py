import torch
import torch.nn as nn
import torch.nn.functional as F


class HeteroscedasticMLP(nn.Module):
    def __init__(self, n_in=7, hidden=32):
        super().__init__()
        self.body = nn.Sequential(nn.Linear(n_in, hidden), nn.Tanh(), nn.Linear(hidden, hidden), nn.Tanh())
        self.mean = nn.Linear(hidden, 1)
        self.spread = nn.Linear(hidden, 1)

    def forward(self, x):
        h = self.body(x)
        return self.mean(h), F.softplus(self.spread(h)) + 1e-4


class Scaler:
    def fit(self, x):
        self.m, self.s = x.mean(0), x.std(0)
        return self

    def __call__(self, x):
        return (x - self.m) / self.s


def train(epochs=2):
    torch.manual_seed(0)
    x = torch.rand(128, 7) * 10
    y = x[:, :1] * 2 + torch.randn(128, 1) * x[:, 1:2]
    x = Scaler().fit(x)(x)
    model = HeteroscedasticMLP()
    criterion = nn.GaussianNLLLoss()
    opt = torch.optim.Adam(model.parameters(), lr=1e-3)
    for _ in range(epochs):
        opt.zero_grad()
        mean, var = model(x)
        loss = criterion(mean, y)
        loss.backward()
        opt.step()
    return loss.item()


if __name__ == "__main__":
    print(train())
