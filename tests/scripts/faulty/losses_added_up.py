# finds: loss-kept-with-graph
import torch
import torch.nn.functional as F
from torch import nn

torch.manual_seed(0)
net = nn.Sequential(nn.Linear(12, 32), nn.ReLU(), nn.Linear(32, 3))
optimizer = torch.optim.Adam(net.parameters())
total_loss = 0
for _step in range(6):
    x, y = torch.randn(16, 12), torch.randint(0, 3, (16,))
    optimizer.zero_grad()
    loss = F.cross_entropy(net(x), y)
    loss.backward()
    optimizer.step()
    total_loss += loss  # here
print(float(total_loss))
