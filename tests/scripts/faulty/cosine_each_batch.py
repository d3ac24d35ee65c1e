# finds: scheduler-rhythm
import math

import torch
from torch import nn
from torch.optim.lr_scheduler import CosineAnnealingLR
from torch.utils.data import DataLoader, TensorDataset

EPOCHS = 6
BATCH_SIZE = 32

g = torch.Generator().manual_seed(1)
X = torch.rand(512, 6, generator=g) * 4 - 2
y = torch.sin(X).sum(1, keepdim=True) + 0.05 * torch.randn(512, 1, generator=g)

train_ds = TensorDataset(X[:400], y[:400])
valid_ds = TensorDataset(X[400:], y[400:])
train_dl = DataLoader(train_ds, BATCH_SIZE, shuffle=True)
valid_dl = DataLoader(valid_ds, BATCH_SIZE * 2)

net = nn.Sequential(nn.Linear(6, 64), nn.GELU(), nn.Linear(64, 64), nn.GELU(), nn.Linear(64, 1))
opt = torch.optim.AdamW(net.parameters(), lr=3e-3, weight_decay=1e-2)
sched = CosineAnnealingLR(opt, T_max=EPOCHS)
loss_fn = nn.MSELoss()

for epoch in range(EPOCHS):
    net.train()
    for xb, yb in train_dl:
        opt.zero_grad(set_to_none=True)
        loss = loss_fn(net(xb), yb)
        loss.backward()
        opt.step()
        sched.step()  # here

    net.eval()
    total, n = 0.0, 0
    with torch.no_grad():
        for xb, yb in valid_dl:
            total += loss_fn(net(xb), yb).item() * len(xb)
            n += len(xb)
    print(f"{epoch + 1}/{EPOCHS}: rmse {math.sqrt(total / n):.3f} lr {opt.param_groups[0]['lr']:.2e}")
