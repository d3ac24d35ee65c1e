# finds: split-overlaps
"""House prices: an MLP with early stopping on a held-out part."""

import torch
import torch.nn as nn
from torch.utils.data import DataLoader, TensorDataset, random_split

torch.manual_seed(21)


def build_dataset(n=400):
    x = torch.randn(n, 8)
    w = torch.randn(8, 1)
    return TensorDataset(x, x @ w + 0.1 * torch.randn(n, 1))


def get_loader(dataset, train, batch_size=40):
    n_train = int(0.8 * len(dataset))
    train_part, val_part = random_split(dataset, [n_train, len(dataset) - n_train])  # here
    if train:
        return DataLoader(train_part, batch_size=batch_size, shuffle=True)
    return DataLoader(val_part, batch_size=batch_size)


class Regressor(nn.Module):
    def __init__(self):
        super().__init__()
        self.hidden = nn.Linear(8, 32)
        self.act = nn.SiLU()
        self.price = nn.Linear(32, 1)

    def forward(self, x):
        return self.price(self.act(self.hidden(x)))


dataset = build_dataset()
train_loader = get_loader(dataset, train=True)
val_loader = get_loader(dataset, train=False)
model = Regressor()
optimizer = torch.optim.Adam(model.parameters(), lr=5e-3)
criterion = nn.SmoothL1Loss()
best, patience = float("inf"), 0
for epoch in range(10):
    model.train()
    for x, y in train_loader:
        optimizer.zero_grad()
        criterion(model(x), y).backward()
        optimizer.step()
    model.eval()
    with torch.no_grad():
        val = sum(criterion(model(x), y).item() for x, y in val_loader) / len(val_loader)
    print(f"{epoch}: val {val:.4f}")
    if val < best:
        best, patience = val, 0
    else:
        patience += 1
        if patience == 3:
            break
