# finds: double-softmax
"""Iris-like flowers with a two-layer network."""

import torch
import torch.nn as nn
import torch.nn.functional as F


def make_flowers(n):
    centers = torch.tensor([[5.0, 3.4, 1.5, 0.2], [5.9, 2.8, 4.3, 1.3], [6.6, 3.0, 5.5, 2.0]])
    y = torch.randint(0, 3, (n,))
    return centers[y] + 0.35 * torch.randn(n, 4), y


class Net(nn.Module):
    def __init__(self):
        super().__init__()
        self.fc1 = nn.Linear(4, 32)
        self.fc2 = nn.Linear(32, 3)

    def forward(self, x):
        return self.fc2(torch.relu(self.fc1(x)))

    def predict_proba(self, x):
        return F.softmax(self.forward(x), dim=1)


def compute_loss(probabilities, targets, class_weights=None):
    return F.cross_entropy(probabilities, targets, weight=class_weights)


def train_one_epoch(model, opt, x, y, batch_size=15):
    model.train()
    perm = torch.randperm(x.size(0))
    losses = []
    for idx in perm.split(batch_size):
        out = model.predict_proba(x[idx])  # here
        loss = compute_loss(out, y[idx])
        opt.zero_grad()
        loss.backward()
        opt.step()
        losses.append(loss.item())
    return sum(losses) / len(losses)


torch.manual_seed(42)
x_train, y_train = make_flowers(120)
x_test, y_test = make_flowers(30)
mean, std = x_train.mean(0), x_train.std(0)
x_train, x_test = (x_train - mean) / std, (x_test - mean) / std
model = Net()
opt = torch.optim.Adam(model.parameters(), lr=0.01)
for epoch in range(5):
    loss = train_one_epoch(model, opt, x_train, y_train)
    model.eval()
    with torch.no_grad():
        acc = (model.predict_proba(x_test).argmax(1) == y_test).float().mean()
    print(f"{epoch}: loss={loss:.3f} acc={acc:.3f}")
