# finds: weights-not-moving
import torch
import torch.nn.functional as F
from torch import nn

torch.manual_seed(0)
STEPS, TOTAL = 1, 10_000_000_000
net = nn.Sequential(nn.Linear(16, 32), nn.ReLU(), nn.Linear(32, 2))
optimizer = torch.optim.SGD(net.parameters(), lr=STEPS / TOTAL)  # here
for _ in range(4):
    x, y = torch.randn(32, 16), torch.randint(0, 2, (32,))
    optimizer.zero_grad()
    F.cross_entropy(net(x), y).backward()
    optimizer.step()
