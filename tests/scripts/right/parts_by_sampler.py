"""Parts of one data set by samplers; the score on a piece of the training data is shown beside that on the held-out part."""

import torch
from torch import nn
from torch.utils.data import DataLoader, Subset, SubsetRandomSampler, TensorDataset

torch.manual_seed(0)
x = torch.randn(300, 6)
data = TensorDataset(x, (x[:, 0] > 0).long())
order = torch.randperm(300).tolist()
train = DataLoader(data, 20, sampler=SubsetRandomSampler(order[:240]))
held_out = DataLoader(data, 60, sampler=SubsetRandomSampler(order[240:]))
seen = DataLoader(Subset(data, order[:60]), 60)
net = nn.Sequential(nn.Linear(6, 16), nn.ReLU(), nn.Dropout(0.1), nn.Linear(16, 2))
optimizer = torch.optim.Adam(net.parameters(), lr=5e-3)


@torch.no_grad()
def score(loader):
    net.eval()
    right = sum((net(a).argmax(1) == b).sum().item() for a, b in loader)
    net.train()
    return right / 60


for epoch in range(3):
    for a, b in train:
        optimizer.zero_grad()
        nn.functional.cross_entropy(net(a), b).backward()
        optimizer.step()
    print(epoch, score(seen), score(held_out))
