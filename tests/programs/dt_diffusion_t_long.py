import torch
import torch.nn as nn


class TimeMLP(nn.Module):
    def __init__(self, dim):
        super().__init__()
        self.net = nn.Sequential(nn.Linear(1, dim), nn.SiLU(), nn.Linear(dim, dim))

    def forward(self, t):
        return self.net(t[:, None])


class Denoiser(nn.Module):
    """Predicts the noise in 2-D points (swiss roll)."""

    def __init__(self, dim=48):
        super().__init__()
        self.time = TimeMLP(dim)
        self.inp = nn.Linear(2, dim)
        self.mid = nn.Sequential(nn.SiLU(), nn.Linear(dim, dim), nn.SiLU())
        self.out = nn.Linear(dim, 2)

    def forward(self, x, t):
        return self.out(self.mid(self.inp(x) + self.time(t)))


class Diffusion:
    def __init__(self, steps=100):
        self.steps = steps
        betas = torch.linspace(1e-4, 0.02, steps)
        self.alpha_bar = torch.cumprod(1 - betas, dim=0)

    def noised(self, x, t):
        a = self.alpha_bar[t][:, None]
        noise = torch.randn_like(x)
        return a.sqrt() * x + (1 - a).sqrt() * noise, noise


def train():
    diffusion, net = Diffusion(), Denoiser()
    opt = torch.optim.Adam(net.parameters(), lr=1e-3)
    angle = torch.rand(512) * 9
    roll = torch.stack([angle.cos() * angle, angle.sin() * angle], dim=1) / 9
    for points in roll.split(128):
        t = torch.randint(0, diffusion.steps, (points.shape[0],))
        noisy, noise = diffusion.noised(points, t)
        loss = nn.functional.mse_loss(net(noisy, t), noise)
        opt.zero_grad()
        loss.backward()
        opt.step()
