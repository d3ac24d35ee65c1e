"""WGAN with gradient penalty on a mixture of Gaussians."""

import torch
import torch.nn as nn

torch.manual_seed(3)
Z, N_CRITIC, LAMBDA = 4, 3, 10.0


def sample_real(n):
    k = torch.randint(0, 4, (n,))
    centers = torch.tensor([[1.0, 1], [1, -1], [-1, 1], [-1, -1]])
    return centers[k] + 0.05 * torch.randn(n, 2)


gen = nn.Sequential(nn.Linear(Z, 48), nn.ReLU(), nn.Linear(48, 2))
critic = nn.Sequential(nn.Linear(2, 48), nn.LeakyReLU(0.2), nn.Linear(48, 1))
opt_g = torch.optim.Adam(gen.parameters(), lr=1e-4, betas=(0.0, 0.9))
opt_c = torch.optim.Adam(critic.parameters(), lr=1e-4, betas=(0.0, 0.9))


def gradient_penalty(real, fake):
    eps = torch.rand(real.size(0), 1)
    mixed = (eps * real + (1 - eps) * fake).requires_grad_(True)
    score = critic(mixed)
    (grad,) = torch.autograd.grad(score, mixed, torch.ones_like(score), create_graph=True)
    return ((grad.norm(2, dim=1) - 1) ** 2).mean()


for _it in range(15):
    for _ in range(N_CRITIC):
        real = sample_real(64)
        with torch.no_grad():
            fake = gen(torch.randn(64, Z))
        c_loss = critic(fake).mean() - critic(real).mean() + LAMBDA * gradient_penalty(real, fake)
        opt_c.zero_grad()
        c_loss.backward()
        opt_c.step()
    g_loss = -critic(gen(torch.randn(64, Z))).mean()
    opt_g.zero_grad()
    g_loss.backward()
    opt_g.step()
print(c_loss.item(), g_loss.item())
