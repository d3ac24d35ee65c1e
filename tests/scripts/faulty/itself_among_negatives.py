# finds: own-pair
"""SimCLR on small vectors."""

import torch
import torch.nn.functional as F
from torch import nn

torch.manual_seed(0)


def augment(x):
    return x + 0.1 * torch.randn_like(x) * (torch.rand_like(x) > 0.2)


def nt_xent(z1, z2, temperature=0.5):
    n = z1.size(0)
    z = F.normalize(torch.cat([z1, z2]), dim=1)
    sim = z @ z.t() / temperature
    targets = torch.cat([torch.arange(n, 2 * n), torch.arange(n)])
    return F.cross_entropy(sim, targets)  # here


encoder = nn.Sequential(nn.Linear(20, 64), nn.ReLU(), nn.Linear(64, 32))
projector = nn.Sequential(nn.ReLU(), nn.Linear(32, 16))
optimizer = torch.optim.Adam([*encoder.parameters(), *projector.parameters()], lr=1e-3)
data = torch.randn(256, 20)
for epoch in range(3):
    for batch in data[torch.randperm(256)].split(64):
        z1, z2 = projector(encoder(augment(batch))), projector(encoder(augment(batch)))
        loss = nt_xent(z1, z2)
        optimizer.zero_grad()
        loss.backward()
        optimizer.step()
    print(epoch, loss.item())
