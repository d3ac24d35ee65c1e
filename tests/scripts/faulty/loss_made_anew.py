# finds: parameters-without-gradient
import torch
import torch.nn.functional as F
from torch import nn

torch.manual_seed(0)
net = nn.Sequential(nn.Linear(10, 16), nn.ReLU(), nn.Linear(16, 3))
optimizer = torch.optim.Adam(net.parameters())
for _ in range(4):
    x, y = torch.randn(16, 10), torch.randint(0, 3, (16,))
    value = F.cross_entropy(net(x), y).item()  # here
    loss = torch.tensor(value, requires_grad=True)
    optimizer.zero_grad()
    loss.backward()
    optimizer.step()
