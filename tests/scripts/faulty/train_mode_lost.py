# finds: train-mode-lost
import torch
import torch.nn.functional as F
from torch import nn
from torch.utils.data import DataLoader, TensorDataset

torch.manual_seed(0)
net = nn.Sequential(nn.Linear(12, 32), nn.BatchNorm1d(32), nn.ReLU(), nn.Dropout(0.3), nn.Linear(32, 3))
data = TensorDataset(torch.randn(160, 12), torch.randint(0, 3, (160,)))
train_loader, test_loader = DataLoader(data, 16, shuffle=True), DataLoader(data, 32)
optimizer = torch.optim.Adam(net.parameters())
net.train()
for epoch in range(3):
    for x, y in train_loader:
        optimizer.zero_grad()
        F.cross_entropy(net(x), y).backward()
        optimizer.step()
    net.eval()  # here
    with torch.no_grad():
        print(epoch, sum(F.cross_entropy(net(x), y).item() for x, y in test_loader))
