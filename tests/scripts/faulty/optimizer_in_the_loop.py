# finds: optimizer-made-anew
import torch
import torch.nn.functional as F
from torch import nn


def training_step(net, x, y):
    optimizer = torch.optim.Adam(net.parameters(), lr=1e-3)  # here
    optimizer.zero_grad()
    loss = F.cross_entropy(net(x), y)
    loss.backward()
    optimizer.step()
    return loss.item()


torch.manual_seed(0)
net = nn.Sequential(nn.Linear(6, 16), nn.ReLU(), nn.Linear(16, 2))
for _ in range(6):
    training_step(net, torch.randn(8, 6), torch.randint(0, 2, (8,)))
