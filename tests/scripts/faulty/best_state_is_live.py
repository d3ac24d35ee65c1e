# finds: state-is-live
import torch
from torch import nn
from torch.utils.data import DataLoader, TensorDataset

torch.manual_seed(0)
x = torch.randn(300, 5)
y = (x**2).sum(1, keepdim=True)
train = DataLoader(TensorDataset(x[:240], y[:240]), batch_size=24, shuffle=True)
net = nn.Sequential(nn.Linear(5, 24), nn.ReLU(), nn.Linear(24, 1))
opt = torch.optim.Adam(net.parameters(), lr=3e-3)
best_loss, best_weights = float("inf"), None
for epoch in range(6):
    net.train()
    for xb, yb in train:
        opt.zero_grad()
        loss = nn.functional.mse_loss(net(xb), yb)
        loss.backward()
        opt.step()
    net.eval()
    with torch.no_grad():
        val = nn.functional.mse_loss(net(x[240:]), y[240:]).item()
    if val < best_loss:
        best_loss = val
        best_weights = net.state_dict()  # here
    print(epoch, val)
net.load_state_dict(best_weights)
print("best", best_loss)
