# finds: parameter-unregistered
import torch
from torch import nn
from torch.utils.data import DataLoader, TensorDataset


class Gated(nn.Module):
    """A linear model with a learned gate for each feature."""

    def __init__(self, n_features, n_out):
        super().__init__()
        self.gate = torch.ones(n_features, requires_grad=True)  # here
        self.linear = nn.Linear(n_features, 32)
        self.out = nn.Linear(32, n_out)

    def forward(self, x):
        return self.out(torch.tanh(self.linear(x * torch.sigmoid(self.gate))))


def load(n=200, d=12):
    g = torch.Generator().manual_seed(0)
    x = torch.randn(n, d, generator=g)
    w = torch.randn(d, 1, generator=g) * (torch.arange(d)[:, None] < 4)
    return TensorDataset(x, x @ w + 0.1 * torch.randn(n, 1, generator=g))


def run(epochs=3):
    torch.manual_seed(0)
    loader = DataLoader(load(), batch_size=25, shuffle=True)
    model = Gated(12, 1)
    optim = torch.optim.Adam(model.parameters(), lr=1e-2)
    criterion = nn.MSELoss()
    for e in range(epochs):
        for x, y in loader:
            loss = criterion(model(x), y)
            optim.zero_grad()
            loss.backward()
            optim.step()
        print(e, loss.item())


run()
