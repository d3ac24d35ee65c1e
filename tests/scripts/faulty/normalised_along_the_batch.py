# finds: normalised-over-batch
import torch
import torch.nn.functional as F
from torch import nn


class Encoder(nn.Module):
    def __init__(self, width=32, out=16):
        super().__init__()
        self.trunk = nn.Sequential(nn.Linear(20, width), nn.ReLU(), nn.Linear(width, width), nn.ReLU())
        self.projector = nn.Linear(width, out)

    def forward(self, x):
        return self.projector(self.trunk(x))


class InfoNCE(nn.Module):
    def __init__(self, temperature=0.2):
        super().__init__()
        self.temperature = temperature

    def forward(self, a, b):
        a, b = F.normalize(a, dim=0), F.normalize(b, dim=0)  # here
        logits = a @ b.t() / self.temperature
        labels = torch.arange(len(a))
        return 0.5 * (F.cross_entropy(logits, labels) + F.cross_entropy(logits.t(), labels))


def augment(x):
    return x + 0.1 * torch.randn_like(x), x * (torch.rand_like(x) > 0.2)


torch.manual_seed(0)
encoder, criterion = Encoder(), InfoNCE()
optimizer = torch.optim.AdamW(encoder.parameters(), lr=1e-3)
data = torch.randn(256, 20)
for epoch in range(2):
    for batch in data[torch.randperm(256)].split(64):
        one, two = augment(batch)
        loss = criterion(encoder(one), encoder(two))
        optimizer.zero_grad()
        loss.backward()
        optimizer.step()
    print(epoch, loss.item())
