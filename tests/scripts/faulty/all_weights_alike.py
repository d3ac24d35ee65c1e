# finds: identical-initialisation
import torch
import torch.nn.functional as F
from torch import nn


def initialise(layer):
    if isinstance(layer, nn.Linear):
        nn.init.constant_(layer.weight, 0.1)  # here
        nn.init.zeros_(layer.bias)


torch.manual_seed(0)
net = nn.Sequential(nn.Linear(16, 32), nn.Tanh(), nn.Linear(32, 2))
net.apply(initialise)
optimizer = torch.optim.SGD(net.parameters(), lr=0.1)
for _ in range(4):
    x, y = torch.randn(32, 16), torch.randint(0, 2, (32,))
    optimizer.zero_grad()
    F.cross_entropy(net(x), y).backward()
    optimizer.step()
