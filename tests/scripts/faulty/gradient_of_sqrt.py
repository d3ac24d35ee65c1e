# finds: loss-not-a-number
import torch
from torch import nn

torch.manual_seed(0)
net = nn.Linear(6, 4)
optimizer = torch.optim.SGD(net.parameters(), lr=1e-2)
for _step in range(4):
    left = torch.randn(8, 6)
    right = left.clone()
    distance = torch.sqrt(((net(left) - net(right)) ** 2).sum(1))  # here
    loss = distance.mean()
    optimizer.zero_grad()
    loss.backward()
    optimizer.step()
