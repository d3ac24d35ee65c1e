# finds: loss-target
import torch
from torch import nn

torch.manual_seed(0)
model = nn.Sequential(nn.Linear(5, 8), nn.ReLU(), nn.Linear(8, 1))
criterion = nn.CrossEntropyLoss()
optimizer = torch.optim.SGD(model.parameters(), lr=1e-2)
for _ in range(4):
    x = torch.randn(16, 5)
    spam = torch.zeros(16, dtype=torch.long)
    optimizer.zero_grad()
    loss = criterion(model(x), spam)  # here
    loss.backward()
    optimizer.step()
