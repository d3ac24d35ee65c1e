# finds: parameters-without-gradient
import torch
import torch.nn.functional as F
from torch import nn


class TwoPart(nn.Module):
    def __init__(self):
        super().__init__()
        self.encoder = nn.Sequential(nn.Linear(10, 16), nn.ReLU())
        self.head = nn.Linear(16, 3)

    def forward(self, x):
        features = self.encoder(x)
        features = features.detach()  # here
        return self.head(features)


torch.manual_seed(0)
net = TwoPart()
optimizer = torch.optim.Adam(net.parameters())
for _ in range(4):
    x, y = torch.randn(16, 10), torch.randint(0, 3, (16,))
    optimizer.zero_grad()
    F.cross_entropy(net(x), y).backward()
    optimizer.step()
