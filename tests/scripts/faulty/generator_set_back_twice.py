# finds: gradients-accumulate
import argparse

import torch
from torch import nn, optim

p = argparse.ArgumentParser()
p.add_argument("--nz", type=int, default=16)
p.add_argument("--iters", type=int, default=12)
p.add_argument("--lr", type=float, default=2e-4)
a = p.parse_args()
torch.manual_seed(1)


def block(i, o):
    return nn.Sequential(nn.Linear(i, o), nn.LeakyReLU(0.2))


class Generator(nn.Module):
    def __init__(self, nz):
        super().__init__()
        self.main = nn.Sequential(block(nz, 64), block(64, 64), nn.Linear(64, 2))

    def forward(self, z):
        return self.main(z)


class Critic(nn.Module):
    def __init__(self):
        super().__init__()
        self.main = nn.Sequential(block(2, 64), block(64, 64), nn.Linear(64, 1))

    def forward(self, x):
        return self.main(x).squeeze(1)


def real_batch(n):
    t = torch.rand(n) * 6.283
    return torch.stack([t.cos(), t.sin()], 1) + 0.05 * torch.randn(n, 2)


G, D = Generator(a.nz), Critic()
opt_g = optim.Adam(G.parameters(), lr=a.lr, betas=(0.5, 0.999))
opt_d = optim.Adam(D.parameters(), lr=a.lr, betas=(0.5, 0.999))
bce = nn.BCEWithLogitsLoss()
for it in range(a.iters):
    x = real_batch(64)
    z = torch.randn(64, a.nz)
    fake = G(z)

    opt_g.zero_grad()
    out_r, out_f = D(x), D(fake.detach())
    loss_d = bce(out_r, torch.ones_like(out_r)) + bce(out_f, torch.zeros_like(out_f))
    loss_d.backward()  # here
    opt_d.step()

    opt_g.zero_grad()
    out = D(fake)
    loss_g = bce(out, torch.ones_like(out))
    loss_g.backward()
    opt_g.step()
    print(it, f"{loss_d.item():.3f} {loss_g.item():.3f}")
