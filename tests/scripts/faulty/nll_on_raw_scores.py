# finds: log-probabilities-missing
import torch
import torch.nn.functional as F
from torch import nn

torch.manual_seed(0)
net = nn.Sequential(
    nn.Linear(8, 16),
    nn.ReLU(),
    nn.Linear(16, 3),
)
optimizer = torch.optim.SGD(net.parameters(), lr=0.01)
for _ in range(4):
    x, y = torch.randn(10, 8), torch.randint(0, 3, (10,))
    loss = F.nll_loss(net(x), y)  # here
    optimizer.zero_grad()
    loss.backward()
    optimizer.step()
