# finds: loss-target
import torch
import torch.nn.functional as F
from torch import nn

torch.manual_seed(0)
model = nn.Sequential(nn.Linear(5, 8), nn.ReLU(), nn.Linear(8, 1))
optimizer = torch.optim.SGD(model.parameters(), lr=1e-2)
for _ in range(4):
    x = torch.randn(16, 5)
    sign = torch.sign(x[:, :1])
    optimizer.zero_grad()
    loss = F.binary_cross_entropy_with_logits(model(x), sign)  # here
    loss.backward()
    optimizer.step()
