# finds: own-pair
import torch
import torch.nn.functional as F
from torch import nn


class Projector(nn.Module):
    def __init__(self):
        super().__init__()
        self.trunk = nn.Sequential(nn.Linear(20, 48), nn.BatchNorm1d(48), nn.ReLU())
        self.project = nn.Linear(48, 16)

    def forward(self, x):
        return F.normalize(self.project(self.trunk(x)), dim=1)


class ContrastiveLoss(nn.Module):
    def __init__(self, temperature=0.2):
        super().__init__()
        self.temperature = temperature

    def forward(self, first, second):
        n = len(first)
        both = torch.cat([first, second])
        similarity = both @ both.T / self.temperature
        partner = torch.cat([torch.arange(n, 2 * n), torch.arange(n)])
        return F.cross_entropy(similarity, partner)  # here


class SimCLR:
    def __init__(self):
        self.net = Projector()
        self.criterion = ContrastiveLoss()
        self.optimizer = torch.optim.SGD(self.net.parameters(), lr=0.05, momentum=0.9)

    @staticmethod
    def augment(x):
        return x * (torch.rand_like(x) > 0.1) + 0.1 * torch.randn_like(x)

    def step(self, x):
        self.optimizer.zero_grad()
        loss = self.criterion(self.net(self.augment(x)), self.net(self.augment(x)))
        loss.backward()
        self.optimizer.step()
        return loss.item()


torch.manual_seed(4)
method, data = SimCLR(), torch.randn(128, 20)
for _epoch in range(2):
    for rows in torch.randperm(128).split(32):
        loss = method.step(data[rows])
print(loss)
