"""A VAE trained by making its lower bound large, with the deviation from a softplus and another with the logarithm of it."""

import torch
from torch import nn
from torch.nn import functional as F

torch.manual_seed(0)


class Codes(nn.Module):
    def __init__(self):
        super().__init__()
        self.body = nn.Sequential(nn.Linear(16, 32), nn.ReLU(), nn.Linear(32, 8))
        self.back = nn.Sequential(nn.Linear(4, 32), nn.ReLU(), nn.Linear(32, 16))

    def forward(self, x):
        mean, raw = self.body(x).chunk(2, dim=1)
        sigma = F.softplus(raw) + 1e-4
        return self.back(mean + sigma * torch.randn_like(sigma)), mean, sigma


x = torch.randn(128, 16) @ torch.randn(16, 16) / 4
for kind in ("softplus", "logarithm"):
    net = Codes()
    optimizer = torch.optim.Adam(net.parameters(), lr=2e-3)
    for epoch in range(2):
        for rows in torch.randperm(128).split(32):
            guess, mean, sigma = net(x[rows])
            likelihood = -((guess - x[rows]) ** 2).sum(1)
            if kind == "softplus":
                divergence = 0.5 * (sigma**2 + mean**2 - 1 - torch.log(sigma**2)).sum(1)
            else:
                log_sigma = sigma.log()
                divergence = -0.5 * (1 + 2 * log_sigma - mean**2 - torch.exp(2 * log_sigma)).sum(1)
            bound = (likelihood - divergence).mean()
            optimizer.zero_grad()
            (-bound).backward()
            optimizer.step()
        print(kind, epoch, bound.item())
