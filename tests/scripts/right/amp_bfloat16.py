import copy

import torch
import torch.nn as nn
import torch.nn.functional as F
from torch.utils.data import DataLoader, TensorDataset


class ResBlock(nn.Module):
    def __init__(self, c):
        super().__init__()
        self.c1 = nn.Conv2d(c, c, 3, padding=1, bias=False)
        self.b1 = nn.BatchNorm2d(c)
        self.c2 = nn.Conv2d(c, c, 3, padding=1, bias=False)
        self.b2 = nn.BatchNorm2d(c)

    def forward(self, x):
        return F.relu(x + self.b2(self.c2(F.relu(self.b1(self.c1(x))))))


torch.manual_seed(2)
images = torch.randn(128, 3, 16, 16)
labels = (images.mean((1, 2, 3)) > 0).long()
train_dl = DataLoader(TensorDataset(images[:96], labels[:96]), batch_size=24, shuffle=True)
val_dl = DataLoader(TensorDataset(images[96:], labels[96:]), batch_size=32)
model = nn.Sequential(
    nn.Conv2d(3, 12, 3, padding=1, bias=False),
    nn.BatchNorm2d(12),
    nn.ReLU(),
    ResBlock(12),
    nn.AdaptiveAvgPool2d(1),
    nn.Flatten(),
    nn.Linear(12, 2),
)
optimizer = torch.optim.SGD(model.parameters(), lr=0.1, momentum=0.9, weight_decay=5e-4, nesterov=True)
epochs = 3
scheduler = torch.optim.lr_scheduler.OneCycleLR(
    optimizer, max_lr=0.1, epochs=epochs, steps_per_epoch=len(train_dl)
)
best_acc, best_weights = -1.0, None
for epoch in range(epochs):
    model.train()
    for x, y in train_dl:
        optimizer.zero_grad(set_to_none=True)
        with torch.autocast("cpu", dtype=torch.bfloat16):
            logits = model(x)
            loss = F.cross_entropy(logits, y)
        loss.backward()
        optimizer.step()
        scheduler.step()
    model.eval()
    hits = 0
    with torch.no_grad(), torch.autocast("cpu", dtype=torch.bfloat16):
        for x, y in val_dl:
            hits += (model(x).argmax(1) == y).sum().item()
    acc = hits / len(val_dl.dataset)
    if acc > best_acc:
        best_acc, best_weights = acc, copy.deepcopy(model.state_dict())
    print(f"{epoch} loss {loss.item():.3f} acc {acc:.3f}")
model.load_state_dict(best_weights)
