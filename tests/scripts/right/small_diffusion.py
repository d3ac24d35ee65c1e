"""A tiny diffusion model: random times, noise targets, EMA by deepcopy, sampling in eval mode with a fixed seed."""

import copy

import torch
from torch import nn

STEPS = 50
betas = torch.linspace(1e-3, 0.1, STEPS)
alphas = torch.cumprod(1 - betas, 0)


class Eps(nn.Module):
    def __init__(self):
        super().__init__()
        self.time = nn.Embedding(STEPS, 16)
        self.net = nn.Sequential(nn.Linear(18, 64), nn.SiLU(), nn.Linear(64, 64), nn.SiLU(), nn.Linear(64, 2))

    def forward(self, x, t):
        return self.net(torch.cat([x, self.time(t)], 1))


@torch.no_grad()
def sample(net, n, seed=7):
    g = torch.Generator().manual_seed(seed)
    x = torch.randn(n, 2, generator=g)
    for t in reversed(range(STEPS)):
        e = net(x, torch.full((n,), t))
        x = (x - betas[t] / (1 - alphas[t]).sqrt() * e) / (1 - betas[t]).sqrt()
        if t:
            x = x + betas[t].sqrt() * torch.randn(n, 2, generator=g)
    return x


torch.manual_seed(0)
net = Eps()
ema = copy.deepcopy(net).eval().requires_grad_(False)
opt = torch.optim.Adam(net.parameters(), lr=1e-3)
angle = torch.rand(512) * 6.28
data = torch.stack([angle.cos(), angle.sin()], 1)
for epoch in range(2):
    for x0 in data[torch.randperm(512)].split(64):
        t = torch.randint(0, STEPS, (len(x0),))
        noise = torch.randn_like(x0)
        a = alphas[t][:, None]
        loss = (net(a.sqrt() * x0 + (1 - a).sqrt() * noise, t) - noise).pow(2).mean()
        opt.zero_grad(set_to_none=True)
        loss.backward()
        opt.step()
        with torch.no_grad():
            for e, p in zip(ema.parameters(), net.parameters(), strict=True):
                e.lerp_(p, 0.02)
    print(epoch, loss.item(), sample(ema, 16).norm(dim=1).mean().item())
