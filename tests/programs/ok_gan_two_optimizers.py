import torch
import torch.nn as nn


class Generator(nn.Module):
    def __init__(self):
        super().__init__()
        self.net = nn.Sequential(nn.Linear(16, 32), nn.LeakyReLU(0.2), nn.Dropout(0.3), nn.Linear(32, 20), nn.Tanh())

    def forward(self, z):
        return self.net(z)


class Critic(nn.Module):
    def __init__(self):
        super().__init__()
        self.net = nn.Sequential(nn.Linear(20, 32), nn.LeakyReLU(0.2), nn.Linear(32, 1))

    def forward(self, x):
        return self.net(x).view(-1)


def main():
    G, D = Generator(), Critic()
    opt_g = torch.optim.Adam(G.parameters(), lr=2e-4)
    opt_d = torch.optim.Adam(D.parameters(), lr=2e-4)
    criterion = nn.BCEWithLogitsLoss()
    for _ in range(2):
        real, z = torch.rand(8, 20), torch.randn(8, 16)
        opt_d.zero_grad()
        loss_d = criterion(D(real), torch.ones(8)) + criterion(D(G(z).detach()), torch.zeros(8))
        loss_d.backward()
        opt_d.step()
        opt_g.zero_grad()
        loss_g = criterion(D(G(z)), torch.ones(8))
        loss_g.backward()
        opt_g.step()
