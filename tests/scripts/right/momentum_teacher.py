# A momentum copy in training mode under no_grad, as in contrastive learning.
import copy

import torch
import torch.nn.functional as F
from torch import nn


class Encoder(nn.Module):
    def __init__(self):
        super().__init__()
        self.net = nn.Sequential(nn.Linear(12, 32), nn.BatchNorm1d(32), nn.ReLU(), nn.Linear(32, 8))

    def forward(self, x):
        return F.normalize(self.net(x), dim=1)


torch.manual_seed(0)
query_encoder = Encoder()
key_encoder = copy.deepcopy(query_encoder)
for p in key_encoder.parameters():
    p.requires_grad_(False)
queue = F.normalize(torch.randn(8, 64), dim=0)
optimizer = torch.optim.SGD(query_encoder.parameters(), lr=0.03, momentum=0.9, weight_decay=1e-4)
for _ in range(5):
    x = torch.randn(16, 12)
    q = query_encoder(x + 0.1 * torch.randn_like(x))
    with torch.no_grad():
        for pq, pk in zip(query_encoder.parameters(), key_encoder.parameters(), strict=True):
            pk.mul_(0.99).add_(pq, alpha=0.01)
        k = key_encoder(x + 0.1 * torch.randn_like(x))
    positive = (q * k).sum(1, keepdim=True)
    logits = torch.cat([positive, q @ queue], dim=1) / 0.2
    loss = F.cross_entropy(logits, torch.zeros(16, dtype=torch.long))
    optimizer.zero_grad()
    loss.backward()
    optimizer.step()
    queue = torch.cat([k.T, queue], dim=1)[:, :64]
