# finds: optimizer-misses-parameters
"""First the head, then everything."""

import torch
from torch import nn

torch.manual_seed(0)


class Net(nn.Module):
    def __init__(self):
        super().__init__()
        self.body = nn.Sequential(nn.Linear(14, 32), nn.ReLU(), nn.Linear(32, 32), nn.ReLU())
        self.head = nn.Linear(32, 3)

    def forward(self, x):
        return self.head(self.body(x))


model = Net()
for p in model.body.parameters():
    p.requires_grad = False
optimizer = torch.optim.Adam(filter(lambda p: p.requires_grad, model.parameters()), lr=1e-3)  # here
x, y = torch.randn(90, 14), torch.randint(0, 3, (90,))
for epoch in range(4):
    if epoch == 1:
        for p in model.body.parameters():
            p.requires_grad = True
    for idx in torch.randperm(90).split(45):
        optimizer.zero_grad()
        loss = nn.functional.cross_entropy(model(x[idx]), y[idx])
        loss.backward()
        optimizer.step()
    print(epoch, loss.item())
