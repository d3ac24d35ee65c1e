import torch
from torch import nn
from torch.utils.data import DataLoader, TensorDataset


class Price(nn.Module):
    def __init__(self):
        super().__init__()
        self.net = nn.Sequential(nn.Linear(6, 16), nn.ReLU(), nn.Linear(16, 1))

    def forward(self, x):
        return self.net(x).squeeze(-1)


def main():
    data = TensorDataset(torch.rand(50, 6), torch.rand(50))
    train, val = torch.utils.data.random_split(data, [40, 10])
    net = Price()
    opt = torch.optim.Adam(net.parameters())
    for x, y in DataLoader(train, batch_size=16, shuffle=True):
        loss = nn.functional.mse_loss(net(x), y)
        opt.zero_grad()
        loss.backward()
        opt.step()
    net.eval()
    with torch.no_grad():
        for x, y in DataLoader(val, batch_size=16):
            nn.functional.mse_loss(net(x), y)
