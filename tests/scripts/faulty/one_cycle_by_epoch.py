# finds: scheduler-rhythm
import torch
from torch import nn
from torch.optim.lr_scheduler import OneCycleLR
from torch.utils.data import DataLoader, TensorDataset, random_split

torch.manual_seed(0)
EPOCHS, BATCH = 4, 20


def dataset():
    x = torch.randn(250, 9)
    return TensorDataset(x, (x[:, 0] * x[:, 1] > 0).long())


train_set, val_set = random_split(dataset(), [200, 50])
train_loader = DataLoader(train_set, BATCH, shuffle=True)
val_loader = DataLoader(val_set, BATCH)
model = nn.Sequential(nn.Linear(9, 32), nn.BatchNorm1d(32), nn.ReLU(), nn.Linear(32, 2))
optimizer = torch.optim.AdamW(model.parameters(), lr=1e-3)
scheduler = OneCycleLR(optimizer, max_lr=1e-2, total_steps=EPOCHS * len(train_loader))
best = 0.0
for epoch in range(EPOCHS):
    model.train()
    for x, y in train_loader:
        loss = nn.functional.cross_entropy(model(x), y)
        optimizer.zero_grad()
        loss.backward()
        optimizer.step()
    scheduler.step()  # here
    model.eval()
    with torch.no_grad():
        correct = sum((model(x).argmax(1) == y).sum().item() for x, y in val_loader)
    best = max(best, correct / len(val_set))
    print(epoch, scheduler.get_last_lr(), best)
