# finds: split-overlaps
import torch
from torch import nn
from torch.utils.data import DataLoader, Dataset


class Windows(Dataset):
    def __init__(self, series, size=16):
        self.series, self.size = series, size

    def __len__(self):
        return len(self.series) - self.size

    def __getitem__(self, i):
        return self.series[i : i + self.size], self.series[i + self.size]


torch.manual_seed(0)
t = torch.arange(600, dtype=torch.float32)
series = torch.sin(t / 9) + 0.1 * torch.randn(600)
train_set = Windows(series[:450])
valid_set = Windows(series[450:])
train_loader = DataLoader(train_set, batch_size=32, shuffle=True)
valid_loader = DataLoader(train_set, batch_size=64)  # here

model = nn.Sequential(nn.Linear(16, 32), nn.ReLU(), nn.Linear(32, 1), nn.Flatten(0))
optimizer = torch.optim.Adam(model.parameters(), lr=1e-3)
loss_fn = nn.MSELoss()
for epoch in range(4):
    model.train()
    for x, y in train_loader:
        optimizer.zero_grad()
        loss_fn(model(x), y).backward()
        optimizer.step()
    model.eval()
    with torch.no_grad():
        errors = [loss_fn(model(x), y).item() for x, y in valid_loader]
    print(f"epoch {epoch} valid {sum(errors) / len(errors):.4f}")
