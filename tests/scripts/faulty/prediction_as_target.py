# finds: loss-target
import torch
import torch.nn.functional as F
from torch import nn


class MultiLabel(nn.Module):
    def __init__(self, d, k):
        super().__init__()
        self.body = nn.Sequential(nn.Linear(d, 48), nn.ReLU(), nn.Dropout(0.1), nn.Linear(48, k))

    def forward(self, x):
        return self.body(x)


def step(model, x, y, optimizer):
    optimizer.zero_grad()
    logits = model(x)
    loss = F.binary_cross_entropy_with_logits(y, logits)  # here
    loss.backward()
    optimizer.step()
    return loss.item()


torch.manual_seed(0)
x = torch.randn(200, 10)
y = (x @ torch.randn(10, 5) > 0).float()
model = MultiLabel(10, 5)
optimizer = torch.optim.RMSprop(model.parameters(), lr=1e-3)
model.train()
for epoch in range(3):
    order = torch.randperm(200)
    losses = [step(model, x[i], y[i], optimizer) for i in order.split(40)]
    print(epoch, sum(losses) / len(losses))
