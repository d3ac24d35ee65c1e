"""A focal loss by sample, behind a sigmoid a regression of shares, and a body that is loaded without its head."""

import torch
import torch.nn.functional as F
from torch import nn
from torch.optim.lr_scheduler import CosineAnnealingLR, LinearLR

torch.manual_seed(0)


def focal(scores, y, gamma=2.0):
    ce = F.cross_entropy(scores, y, reduction="none")
    return ((1 - torch.exp(-ce)) ** gamma * ce).mean()


class Net(nn.Module):
    def __init__(self, classes):
        super().__init__()
        self.body = nn.Sequential(nn.Linear(8, 24), nn.ReLU())
        self.head = nn.Linear(24, classes)
        self.share = nn.Sequential(nn.Linear(24, 1), nn.Sigmoid())

    def forward(self, x):
        h = self.body(x)
        return self.head(h), self.share(h).squeeze(1)


before = Net(10)
net = Net(3)
kept = {name: value for name, value in before.state_dict().items() if not name.startswith("head")}
print(net.load_state_dict(kept, strict=False))
x = torch.randn(160, 8)
y, share = x[:, :3].argmax(1), torch.sigmoid(x.sum(1))
optimizer = torch.optim.SGD(net.parameters(), lr=0.1)
warm, cool = LinearLR(optimizer, 0.1, total_iters=2), CosineAnnealingLR(optimizer, T_max=4)
for epoch in range(4):
    for rows in torch.randperm(160).split(32):
        scores, guess = net(x[rows])
        loss = focal(scores, y[rows]) + F.mse_loss(guess, share[rows])
        optimizer.zero_grad()
        loss.backward()
        optimizer.step()
    warm.step()
    cool.step()
    print(epoch, loss.item())
