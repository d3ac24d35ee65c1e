# finds: learning-rate
import torch
import torch.nn.functional as F
from torch import nn

torch.manual_seed(0)
net = nn.Sequential(nn.Linear(20, 64), nn.ReLU(), nn.Linear(64, 2))
optimizer = torch.optim.Adam(net.parameters(), lr=0.1)  # here
for _ in range(5):
    optimizer.zero_grad()
    F.cross_entropy(net(torch.randn(8, 20)), torch.randint(0, 2, (8,))).backward()
    optimizer.step()
