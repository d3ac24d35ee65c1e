# finds: optimizer-misses-parameters
import torch
import torch.nn.functional as F
from torch import nn


class Backbone(nn.Module):
    def __init__(self, classes=100):
        super().__init__()
        self.features = nn.Sequential(nn.Linear(10, 24), nn.ReLU())
        self.fc = nn.Linear(24, classes)

    def forward(self, x):
        return self.fc(self.features(x))


torch.manual_seed(0)
net = Backbone()
optimizer = torch.optim.SGD(net.parameters(), lr=0.1, momentum=0.9)  # here
net.fc = nn.Linear(24, 4)
for _ in range(4):
    x, y = torch.randn(16, 10), torch.randint(0, 4, (16,))
    optimizer.zero_grad()
    F.cross_entropy(net(x), y).backward()
    optimizer.step()
