# finds: backward-behind-loop
import torch
from torch import nn
from torch.utils.data import DataLoader, TensorDataset

torch.manual_seed(0)
inputs = torch.randn(200, 7)
targets = inputs.pow(2).sum(1, keepdim=True)
loader = DataLoader(TensorDataset(inputs, targets), batch_size=20, shuffle=True)
net = nn.Sequential(nn.Linear(7, 40), nn.ReLU(), nn.Linear(40, 1))
criterion = nn.MSELoss()
optimizer = torch.optim.Adam(net.parameters(), lr=1e-2)

for epoch in range(8):
    running = 0.0
    for x, y in loader:
        optimizer.zero_grad()
        out = net(x)
        loss = criterion(out, y)
        running += loss.item()
    loss.backward()  # here
    optimizer.step()
    print("epoch", epoch, "loss", running / len(loader))
