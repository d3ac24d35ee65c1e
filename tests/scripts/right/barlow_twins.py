"""Barlow twins: features normalised along the batch on purpose, cross-correlation of features."""

import torch
import torch.nn.functional as F
from torch import nn


class Net(nn.Module):
    def __init__(self):
        super().__init__()
        self.backbone = nn.Sequential(nn.Linear(16, 32), nn.BatchNorm1d(32), nn.ReLU(), nn.Linear(32, 32))
        self.proj = nn.Sequential(
            nn.Linear(32, 24), nn.BatchNorm1d(24), nn.ReLU(), nn.Linear(24, 24, bias=False)
        )

    def forward(self, x):
        return self.proj(self.backbone(x))


def loss_fn(a, b, lam=0.01):
    a, b = a - a.mean(0), b - b.mean(0)
    c = F.normalize(a, dim=0).T @ F.normalize(b, dim=0)
    on = (torch.diagonal(c) - 1).pow(2).sum()
    off = (c - torch.diag(torch.diagonal(c))).pow(2).sum()
    return on + lam * off


torch.manual_seed(0)
net = Net()
opt = torch.optim.AdamW(net.parameters(), lr=1e-3)
sched = torch.optim.lr_scheduler.SequentialLR(
    opt,
    [
        torch.optim.lr_scheduler.LinearLR(opt, 0.1, total_iters=4),
        torch.optim.lr_scheduler.CosineAnnealingLR(opt, 12),
    ],
    milestones=[4],
)
x = torch.randn(512, 16)
for _ in range(2):
    for b in x[torch.randperm(512)].split(64):
        loss = loss_fn(net(b + 0.1 * torch.randn_like(b)), net(b * (torch.rand_like(b) > 0.1)))
        opt.zero_grad()
        loss.backward()
        opt.step()
        sched.step()
print(loss.item())
