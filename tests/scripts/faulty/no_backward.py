# finds: step-without-backward
import torch
import torch.nn.functional as F
from torch import nn

torch.manual_seed(0)
net = nn.Sequential(nn.Linear(10, 16), nn.ReLU(), nn.Linear(16, 3))
optimizer = torch.optim.SGD(net.parameters(), lr=1e-2)
for _step in range(5):
    x, y = torch.randn(16, 10), torch.randint(0, 3, (16,))
    optimizer.zero_grad()
    loss = F.cross_entropy(net(x), y)
    optimizer.step()  # here
