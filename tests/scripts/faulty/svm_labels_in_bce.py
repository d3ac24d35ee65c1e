# finds: loss-target
import torch
from torch import nn
from torch.utils.data import DataLoader, TensorDataset

# toy two-moons style data, labels come in the libsvm convention
torch.manual_seed(5)
n = 300
theta = torch.rand(n) * 3.1416
upper = torch.stack([torch.cos(theta), torch.sin(theta)], 1)
lower = torch.stack([1 - torch.cos(theta), 0.5 - torch.sin(theta)], 1)
pick = torch.rand(n) < 0.5
features = torch.where(pick.unsqueeze(1), upper, lower) + 0.1 * torch.randn(n, 2)
labels = torch.where(pick, 1.0, -1.0)

loader = DataLoader(TensorDataset(features, labels), batch_size=30, shuffle=True)


class MLP(nn.Module):
    def __init__(self, hidden=32):
        super().__init__()
        self.layers = nn.Sequential(
            nn.Linear(2, hidden),
            nn.ReLU(),
            nn.Linear(hidden, hidden),
            nn.ReLU(),
            nn.Linear(hidden, 1),
        )

    def forward(self, x):
        return self.layers(x).squeeze(-1)


model = MLP()
criterion = nn.BCEWithLogitsLoss()
optimizer = torch.optim.Adam(model.parameters(), lr=1e-3)

for epoch in range(8):
    for xb, yb in loader:
        optimizer.zero_grad()
        logits = model(xb)
        loss = criterion(logits, yb)  # here
        loss.backward()
        optimizer.step()
    print(epoch, loss.item())
