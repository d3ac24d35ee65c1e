# finds: data-not-shuffled
"""Wine cultivars, read class by class as the file lists them."""

import torch
from torch import nn, optim
from torch.utils.data import DataLoader, TensorDataset


def load():
    torch.manual_seed(13)
    blocks, targets = [], []
    for cultivar, count in enumerate((59, 71, 48)):
        blocks.append(torch.randn(count, 13) + 1.2 * torch.randn(13))
        targets.append(torch.full((count,), cultivar))
    return torch.cat(blocks), torch.cat(targets)


data, target = load()
data = (data - data.mean(dim=0)) / data.std(dim=0)
train_set = TensorDataset(data, target)
train_loader = DataLoader(train_set, batch_size=16)  # here

model = nn.Sequential(
    nn.Linear(13, 64),
    nn.BatchNorm1d(64),
    nn.ReLU(),
    nn.Dropout(0.2),
    nn.Linear(64, 3),
)
criterion = nn.CrossEntropyLoss()
optimizer = optim.SGD(model.parameters(), lr=0.05)

for epoch in range(6):
    model.train()
    total_loss = 0.0
    for inputs, labels in train_loader:
        optimizer.zero_grad()
        loss = criterion(model(inputs), labels)
        loss.backward()
        optimizer.step()
        total_loss += loss.item() * inputs.size(0)
    print(f"epoch {epoch}, loss {total_loss / len(train_set):.4f}")
