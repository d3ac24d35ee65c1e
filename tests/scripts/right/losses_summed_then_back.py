"""One step for several small batches whose losses are added up; beside it the hardest of some batches is picked."""

import torch
from torch import nn

torch.manual_seed(0)
net = nn.Sequential(nn.Linear(7, 30), nn.Tanh(), nn.Linear(30, 1))
optimizer = torch.optim.Adam(net.parameters(), lr=5e-3)
x = torch.randn(200, 7)
y = x.pow(2).sum(1, keepdim=True)
for epoch in range(5):
    total = 0
    for rows in torch.randperm(200).split(50):
        total = total + nn.functional.mse_loss(net(x[rows]), y[rows])
    optimizer.zero_grad()
    total.backward()
    optimizer.step()

    losses = []
    for rows in torch.randperm(200).split(50):
        losses.append(nn.functional.mse_loss(net(x[rows]), y[rows]))
    optimizer.zero_grad()
    max(losses).backward()
    optimizer.step()
    print(epoch, total.item(), max(losses).item())
