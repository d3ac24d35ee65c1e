# finds: gradients-vanish
import torch
import torch.nn.functional as F
from torch import nn

torch.manual_seed(0)
layers = [part for _ in range(12) for part in (nn.Linear(16, 16), nn.Sigmoid())]  # here
net = nn.Sequential(*layers, nn.Linear(16, 2))
optimizer = torch.optim.SGD(net.parameters(), lr=0.1)
for _ in range(4):
    x, y = torch.randn(32, 16), torch.randint(0, 2, (32,))
    optimizer.zero_grad()
    F.cross_entropy(net(x), y).backward()
    optimizer.step()
