"""Five-fold cross-validation of a small MLP, normalised by the training fold only."""

import torch
import torch.nn as nn
from torch.utils.data import DataLoader, TensorDataset

torch.manual_seed(0)
x = torch.randn(150, 5)
y = (x[:, 0] + x[:, 1] ** 2 > 0.5).long()


def build():
    return nn.Sequential(nn.Linear(5, 16), nn.ReLU(), nn.Dropout(0.1), nn.Linear(16, 2))


scores = []
for fold, held_out in enumerate(torch.randperm(len(x)).chunk(5)):
    mask = torch.ones(len(x), dtype=torch.bool)
    mask[held_out] = False
    mean, std = x[mask].mean(0), x[mask].std(0)
    train = TensorDataset((x[mask] - mean) / std, y[mask])
    model = build()
    optimizer = torch.optim.Adam(model.parameters(), lr=1e-2)
    loader = DataLoader(train, batch_size=20, shuffle=True)
    for _epoch in range(4):
        model.train()
        for xb, yb in loader:
            optimizer.zero_grad()
            nn.functional.cross_entropy(model(xb), yb).backward()
            optimizer.step()
    model.eval()
    with torch.inference_mode():
        predicted = model((x[held_out] - mean) / std).argmax(1)
    scores.append((predicted == y[held_out]).float().mean().item())
    print(f"fold {fold}: {scores[-1]:.3f}")
print("mean", sum(scores) / len(scores))
