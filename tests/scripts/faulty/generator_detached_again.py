# finds: parameters-without-gradient
"""A GAN for points on a ring."""

import torch
import torch.nn as nn

torch.manual_seed(0)
latent_dim = 8
bs = 64


def real_batch():
    a = torch.rand(bs) * 6.2832
    return torch.stack([a.cos(), a.sin()], dim=1) + 0.02 * torch.randn(bs, 2)


G = nn.Sequential(
    nn.Linear(latent_dim, 64), nn.LeakyReLU(0.2), nn.Linear(64, 64), nn.LeakyReLU(0.2), nn.Linear(64, 2)
)
D = nn.Sequential(nn.Linear(2, 64), nn.LeakyReLU(0.2), nn.Linear(64, 64), nn.LeakyReLU(0.2), nn.Linear(64, 1))
bce = nn.BCEWithLogitsLoss()
opt_g = torch.optim.Adam(G.parameters(), lr=2e-4, betas=(0.5, 0.999))
opt_d = torch.optim.Adam(D.parameters(), lr=2e-4, betas=(0.5, 0.999))
ones, zeros = torch.ones(bs, 1), torch.zeros(bs, 1)

for it in range(40):
    real = real_batch()
    z = torch.randn(bs, latent_dim)
    fake = G(z).detach()  # here

    # discriminator
    opt_d.zero_grad()
    d_loss = bce(D(real), ones) + bce(D(fake), zeros)
    d_loss.backward()
    opt_d.step()

    # generator
    opt_g.zero_grad()
    g_loss = bce(D(fake), ones)
    g_loss.backward()
    opt_g.step()

    if it % 10 == 0:
        print(f"[{it}] D {d_loss.item():.3f} G {g_loss.item():.3f}")
