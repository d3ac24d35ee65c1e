import copy

import torch
import torch.nn.functional as F
from torch import nn


class BYOL(nn.Module):
    def __init__(self, net, dim, hidden=32, m=0.99):
        super().__init__()
        self.online, self.m = net, m
        self.target = copy.deepcopy(net)
        for p in self.target.parameters():
            p.requires_grad = False
        self.predictor = nn.Sequential(
            nn.Linear(dim, hidden), nn.BatchNorm1d(hidden), nn.ReLU(), nn.Linear(hidden, dim)
        )

    @torch.no_grad()
    def update(self):
        for o, t in zip(self.online.parameters(), self.target.parameters(), strict=False):
            t.mul_(self.m).add_(o, alpha=1 - self.m)

    def forward(self, a, b):
        pa, pb = self.predictor(self.online(a)), self.predictor(self.online(b))
        with torch.no_grad():
            ta, tb = self.target(a), self.target(b)
        return (2 - F.cosine_similarity(pa, tb) - F.cosine_similarity(pb, ta)).mean()


def views(x):
    return x + 0.1 * torch.randn_like(x), x.flip(-1) * (0.8 + 0.4 * torch.rand(len(x), 1, 1, 1))


torch.manual_seed(0)
backbone = nn.Sequential(
    nn.Conv2d(1, 8, 3, 2),
    nn.BatchNorm2d(8),
    nn.ReLU(),
    nn.Flatten(),
    nn.Linear(8 * 36, 16),
    nn.BatchNorm1d(16),
)
learner = BYOL(backbone, 16)
opt = torch.optim.SGD([p for p in learner.parameters() if p.requires_grad], lr=0.05, momentum=0.9)
images = torch.randn(160, 1, 14, 14)
for epoch in range(2):
    for batch in torch.randperm(160).split(32):
        loss = learner(*views(images[batch]))
        opt.zero_grad()
        loss.backward()
        opt.step()
        learner.update()
    print(epoch, loss.item())
