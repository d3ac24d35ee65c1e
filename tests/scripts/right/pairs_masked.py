"""Two contrastive losses: one with the samples themselves masked, one between two towers with the positives on the diagonal."""

import torch
import torch.nn.functional as F
from torch import nn

torch.manual_seed(0)
left, right = (nn.Sequential(nn.Linear(12, 32), nn.ReLU(), nn.Linear(32, 16)) for _ in range(2))
optimizer = torch.optim.Adam([*left.parameters(), *right.parameters()], lr=1e-3)
data = torch.randn(128, 12)


def within(one, other):
    n = len(one)
    z = F.normalize(torch.cat([one, other]), dim=1)
    likeness = (z @ z.t() / 0.5).masked_fill(torch.eye(2 * n, dtype=torch.bool), float("-inf"))
    return F.cross_entropy(likeness, torch.cat([torch.arange(n, 2 * n), torch.arange(n)]))


def between(one, other):
    likeness = F.normalize(one, dim=1) @ F.normalize(other, dim=1).t() / 0.1
    places = torch.arange(len(one))
    return (F.cross_entropy(likeness, places) + F.cross_entropy(likeness.t(), places)) / 2


for epoch in range(3):
    for batch in data[torch.randperm(128)].split(32):
        one, other = batch + 0.1 * torch.randn_like(batch), batch + 0.1 * torch.randn_like(batch)
        loss = within(left(one), left(other)) + between(left(one), right(other))
        optimizer.zero_grad()
        loss.backward()
        optimizer.step()
    print(epoch, loss.item())
