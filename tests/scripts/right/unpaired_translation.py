"""Unpaired translation: two loaders shuffled each for itself, cycle loss, two adversaries, one step each."""

import itertools

import torch
from torch import nn
from torch.utils.data import DataLoader


def net(out):
    return nn.Sequential(nn.Linear(6, 24), nn.LeakyReLU(0.2), nn.Linear(24, out))


torch.manual_seed(0)
a_loader = DataLoader(torch.randn(120, 6) + 1, batch_size=24, shuffle=True)
b_loader = DataLoader(torch.randn(120, 6) * 2 - 1, batch_size=24, shuffle=True)
ab, ba, da, db = net(6), net(6), net(1), net(1)
opt_g = torch.optim.Adam(itertools.chain(ab.parameters(), ba.parameters()), lr=1e-3)
opt_d = torch.optim.Adam(itertools.chain(da.parameters(), db.parameters()), lr=1e-3)
mse, l1 = nn.MSELoss(), nn.L1Loss()
for epoch in range(2):
    for a, b in zip(a_loader, b_loader, strict=True):
        fake_b, fake_a = ab(a), ba(b)
        pa, pb = da(fake_a), db(fake_b)
        loss_g = mse(pa, torch.ones_like(pa)) + mse(pb, torch.ones_like(pb))
        loss_g = loss_g + 5 * (l1(ba(fake_b), a) + l1(ab(fake_a), b))
        opt_g.zero_grad()
        loss_g.backward()
        opt_g.step()
        losses = []
        for d, real, fake in ((da, a, fake_a), (db, b, fake_b)):
            r, f = d(real), d(fake.detach())
            losses.append(mse(r, torch.ones_like(r)) + mse(f, torch.zeros_like(f)))
        opt_d.zero_grad()
        sum(losses).backward()
        opt_d.step()
    print(epoch, loss_g.item())
