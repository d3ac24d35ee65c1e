# finds: loss-broadcast
import torch
from torch import nn


def squared_error(output, target):
    difference = output - target  # here
    return (difference**2).mean()


torch.manual_seed(0)
model = nn.Linear(6, 1)
optimizer = torch.optim.SGD(model.parameters(), lr=1e-2)
for _ in range(4):
    data = torch.randn(24, 6)
    optimizer.zero_grad()
    squared_error(model(data), data.mean(1)).backward()
    optimizer.step()
