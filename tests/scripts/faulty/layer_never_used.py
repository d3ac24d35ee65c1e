# finds: parameters-without-gradient
import torch
import torch.nn.functional as F
from torch import nn


class Residual(nn.Module):
    def __init__(self):
        super().__init__()
        self.first = nn.Linear(10, 10)
        self.second = nn.Linear(10, 10)  # here
        self.out = nn.Linear(10, 2)

    def forward(self, x):
        hidden = F.relu(self.first(x))
        hidden = x + F.relu(self.first(hidden))
        return self.out(hidden)


torch.manual_seed(0)
net = Residual()
optimizer = torch.optim.Adam(net.parameters())
for _ in range(4):
    x, y = torch.randn(16, 10), torch.randint(0, 2, (16,))
    optimizer.zero_grad()
    F.cross_entropy(net(x), y).backward()
    optimizer.step()
