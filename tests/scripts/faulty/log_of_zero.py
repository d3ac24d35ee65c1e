# finds: loss-not-a-number
import torch
from torch import nn


class Policy(nn.Module):
    def __init__(self):
        super().__init__()
        self.net = nn.Sequential(nn.Linear(4, 16), nn.ReLU(), nn.Linear(16, 3))

    def forward(self, x):
        return torch.relu(self.net(x))


torch.manual_seed(0)
policy = Policy()
optimizer = torch.optim.SGD(policy.parameters(), lr=1e-2)
for _ in range(4):
    p = policy(torch.randn(32, 4))
    loss = -torch.log(p).mean()  # here
    optimizer.zero_grad()
    loss.backward()
    optimizer.step()
