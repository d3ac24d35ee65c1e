# finds: parameters-without-gradient
"""BYOL: the online network predicts what the slow one says of another view."""

import copy

import torch
import torch.nn.functional as F
from torch import nn

torch.manual_seed(0)
online = nn.Sequential(nn.Linear(16, 48), nn.BatchNorm1d(48), nn.ReLU(), nn.Linear(48, 24))
predictor = nn.Sequential(nn.Linear(24, 24), nn.ReLU(), nn.Linear(24, 24))
target = copy.deepcopy(online)
optimizer = torch.optim.Adam(list(online.parameters()) + list(predictor.parameters()), lr=1e-3)


def regression_loss(p, z):
    return 2 - 2 * F.cosine_similarity(p, z, dim=-1).mean()


data = torch.randn(192, 16)
for epoch in range(3):
    for batch in data[torch.randperm(192)].split(48):
        v1, v2 = batch + 0.1 * torch.randn_like(batch), batch + 0.1 * torch.randn_like(batch)
        z = online(v1)
        p = predictor(z.detach())  # here
        loss = regression_loss(p, target(v2))
        optimizer.zero_grad()
        loss.backward()
        optimizer.step()
        with torch.no_grad():
            for slow, fast in zip(target.parameters(), online.parameters(), strict=True):
                slow.lerp_(fast, 0.01)
    print(epoch, loss.item())
