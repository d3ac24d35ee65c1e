# finds: parameters-without-gradient
import torch
from torch import nn


class DCGANish:
    def __init__(self):
        self.g = nn.Sequential(nn.Linear(8, 32), nn.ReLU(), nn.Linear(32, 36), nn.Tanh())
        self.d = nn.Sequential(nn.Linear(36, 32), nn.LeakyReLU(0.2), nn.Linear(32, 1))
        self.og = torch.optim.Adam(self.g.parameters(), 2e-4)
        self.od = torch.optim.Adam(self.d.parameters(), 2e-4)
        self.bce = nn.BCEWithLogitsLoss()

    def step(self, real):
        n = len(real)
        one, zero = torch.ones(n, 1), torch.zeros(n, 1)
        fake = self.g(torch.randn(n, 8)).detach()  # here
        self.od.zero_grad()
        ld = self.bce(self.d(real), one) + self.bce(self.d(fake), zero)
        ld.backward()
        self.od.step()
        self.og.zero_grad()
        lg = self.bce(self.d(fake), one)
        lg.backward()
        self.og.step()
        return ld.item(), lg.item()


torch.manual_seed(0)
gan = DCGANish()
for _i in range(8):
    out = gan.step(torch.rand(32, 36) * 2 - 1)
print(out)
