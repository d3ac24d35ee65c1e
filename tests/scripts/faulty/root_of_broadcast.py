# finds: loss-broadcast
import torch
from torch import nn
from torch.utils.data import DataLoader, TensorDataset


class House(nn.Module):
    def __init__(self, d):
        super().__init__()
        self.layers = nn.Sequential(nn.BatchNorm1d(d), nn.Linear(d, 32), nn.ReLU(), nn.Linear(32, 1))

    def forward(self, x):
        return self.layers(x)


def rmse(p, t):
    return torch.sqrt(torch.mean((p - t) ** 2))  # here


torch.manual_seed(0)
x = torch.rand(200, 6)
price = x @ torch.tensor([3.0, 1, 0, 2, 0, 1]) + 0.1 * torch.randn(200)
model = House(6)
opt = torch.optim.Adam(model.parameters(), 1e-2, weight_decay=1e-4)
for epoch in range(2):
    for a, b in DataLoader(TensorDataset(x, price), 40, shuffle=True):
        loss = rmse(model(a), b)
        opt.zero_grad()
        loss.backward()
        opt.step()
    print(epoch, loss.item())
