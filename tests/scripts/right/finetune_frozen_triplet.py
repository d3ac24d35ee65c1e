"""Metric learning on top of a frozen backbone whose batch norms stay in eval mode."""

import torch
import torch.nn as nn
import torch.nn.functional as F
from torch.utils.data import DataLoader, Dataset

torch.manual_seed(12)


class Triplets(Dataset):
    def __init__(self, n=96, classes=6):
        self.y = torch.arange(n) % classes
        self.x = torch.randn(classes, 3, 16, 16)[self.y] + 0.3 * torch.randn(n, 3, 16, 16)

    def __len__(self):
        return len(self.x)

    def __getitem__(self, i):
        same = (self.y == self.y[i]).nonzero().flatten()
        other = (self.y != self.y[i]).nonzero().flatten()

        def pick(pool):
            return self.x[pool[torch.randint(len(pool), ()).item()]]

        return self.x[i], pick(same[same != i]), pick(other)


class Embedder(nn.Module):
    def __init__(self):
        super().__init__()
        self.backbone = nn.Sequential(
            nn.Conv2d(3, 16, 3, 2, 1),
            nn.BatchNorm2d(16),
            nn.ReLU(),
            nn.Conv2d(16, 32, 3, 2, 1),
            nn.BatchNorm2d(32),
            nn.ReLU(),
            nn.AdaptiveAvgPool2d(1),
            nn.Flatten(),
        )
        self.project = nn.Linear(32, 16)
        for p in self.backbone.parameters():
            p.requires_grad = False

    def train(self, mode=True):
        super().train(mode)
        self.backbone.eval()
        return self

    def forward(self, x):
        return F.normalize(self.project(self.backbone(x)), dim=1)


model = Embedder()
optimizer = torch.optim.Adam(filter(lambda p: p.requires_grad, model.parameters()), lr=1e-3)
criterion = nn.TripletMarginLoss(margin=0.2)
loader = DataLoader(Triplets(), batch_size=16, shuffle=True)
for epoch in range(3):
    model.train()
    for anchor, positive, negative in loader:
        optimizer.zero_grad()
        loss = criterion(model(anchor), model(positive), model(negative))
        loss.backward()
        optimizer.step()
    print(epoch, loss.item())
