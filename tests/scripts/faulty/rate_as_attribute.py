# finds: without-effect
import torch
from torch import nn


class Warmup:
    def __init__(self, optimizer, base, steps):
        self.optimizer, self.base, self.steps, self.n = optimizer, base, steps, 0

    def step(self):
        self.n += 1
        self.optimizer.lr = self.base * min(1.0, self.n / self.steps)  # here


torch.manual_seed(0)
net = nn.Sequential(nn.Linear(8, 32), nn.GELU(), nn.Linear(32, 1))
opt = torch.optim.SGD(net.parameters(), lr=0.05)
warm = Warmup(opt, 0.05, 100)
x = torch.randn(400, 8)
y = x.pow(2).sum(1, keepdim=True)
for i in torch.randperm(400).split(20):
    warm.step()
    loss = nn.functional.l1_loss(net(x[i]), y[i])
    opt.zero_grad()
    loss.backward()
    opt.step()
print(loss.item())
