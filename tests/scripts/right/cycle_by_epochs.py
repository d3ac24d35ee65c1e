"""Schedulers stepped once an epoch by intention: OneCycle over epochs, then plateau on the validation loss."""

import copy

import torch
from torch import nn
from torch.utils.data import DataLoader, TensorDataset

torch.manual_seed(0)
EPOCHS = 6
x = torch.randn(160, 7)
y = (x.sum(1) > 0).float()
train = DataLoader(TensorDataset(x[:128], y[:128]), batch_size=16, shuffle=True)
val = DataLoader(TensorDataset(x[128:], y[128:]), batch_size=32)
model = nn.Sequential(nn.Linear(7, 16), nn.ReLU(), nn.Dropout(0.1), nn.Linear(16, 1))
criterion = nn.BCEWithLogitsLoss(pos_weight=torch.tensor(1.2))
opt = torch.optim.SGD(model.parameters(), lr=0.05, momentum=0.9, nesterov=True)
cycle = torch.optim.lr_scheduler.OneCycleLR(opt, max_lr=0.1, total_steps=EPOCHS)
best, state = float("inf"), None
for epoch in range(EPOCHS):
    model.train()
    for a, b in train:
        loss = criterion(model(a).squeeze(1), b)
        opt.zero_grad()
        loss.backward()
        opt.step()
    cycle.step()
    model.eval()
    with torch.no_grad():
        v = sum(criterion(model(a).squeeze(1), b).item() * len(a) for a, b in val) / 32
    if v < best:
        best, state = v, copy.deepcopy(model.state_dict())
    print(epoch, v)
model.load_state_dict(state)
