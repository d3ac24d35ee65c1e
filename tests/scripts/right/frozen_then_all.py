# %% setup
import torch
from torch import nn
from torch.utils.data import DataLoader, TensorDataset

torch.manual_seed(0)

# %% a "pretrained" backbone
backbone = nn.Sequential(
    nn.Conv2d(3, 16, 3, stride=2, padding=1),
    nn.BatchNorm2d(16),
    nn.ReLU(),
    nn.Conv2d(16, 32, 3, stride=2, padding=1),
    nn.BatchNorm2d(32),
    nn.ReLU(),
    nn.AdaptiveAvgPool2d(1),
    nn.Flatten(),
)
for p in backbone.parameters():
    p.requires_grad = False
head = nn.Sequential(nn.Dropout(0.1), nn.Linear(32, 3))
model = nn.Sequential(backbone, head)

# %% data
mean, std = (
    torch.tensor([0.485, 0.456, 0.406]).view(3, 1, 1),
    torch.tensor([0.229, 0.224, 0.225]).view(3, 1, 1),
)
imgs = (torch.rand(180, 3, 24, 24) - mean) / std
labels = imgs.mean((2, 3)).argmax(1)
train_dl = DataLoader(TensorDataset(imgs[:150], labels[:150]), batch_size=25, shuffle=True)

# %% phase 1: the head alone
optimizer = torch.optim.Adam(filter(lambda p: p.requires_grad, model.parameters()), lr=1e-2)
for _epoch in range(2):
    model.train()
    backbone.eval()  # keep the running statistics
    for xb, yb in train_dl:
        optimizer.zero_grad()
        loss = nn.functional.cross_entropy(model(xb), yb)
        loss.backward()
        optimizer.step()
    model.eval()
    with torch.no_grad():
        print("val", nn.functional.cross_entropy(model(imgs[150:]), labels[150:]).item())

# %% phase 2: everything, with a lower rate for the backbone
for p in backbone.parameters():
    p.requires_grad = True
optimizer = torch.optim.Adam(
    [{"params": backbone.parameters(), "lr": 1e-4}, {"params": head.parameters(), "lr": 1e-3}]
)
model.train()
for xb, yb in train_dl:
    optimizer.zero_grad()
    loss = nn.functional.cross_entropy(model(xb), yb)
    loss.backward()
    optimizer.step()
print(loss.item())
