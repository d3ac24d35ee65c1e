# finds: data-not-shuffled
import torch
import torch.nn.functional as F
from torch import nn
from torch.utils.data import DataLoader, TensorDataset

torch.manual_seed(0)
x = torch.randn(200, 6)
y = torch.arange(200) // 50
loader = DataLoader(TensorDataset(x, y), batch_size=20)  # here
net = nn.Sequential(nn.Linear(6, 16), nn.ReLU(), nn.Linear(16, 4))
optimizer = torch.optim.Adam(net.parameters())
for features, labels in loader:
    optimizer.zero_grad()
    F.cross_entropy(net(features), labels).backward()
    optimizer.step()
