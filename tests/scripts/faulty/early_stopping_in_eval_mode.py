# finds: train-mode-lost
import copy

import torch
from torch import nn


class EarlyStopping:
    def __init__(self, patience):
        self.patience, self.best, self.bad, self.state = patience, float("inf"), 0, None

    def __call__(self, value, model):
        if value < self.best:
            self.best, self.bad, self.state = value, 0, copy.deepcopy(model.state_dict())
        else:
            self.bad += 1
        return self.bad >= self.patience


class Tabular(nn.Module):
    def __init__(self, cats, nums):
        super().__init__()
        self.emb = nn.ModuleList(nn.Embedding(c, 4) for c in cats)
        self.bn = nn.BatchNorm1d(nums)
        self.mlp = nn.Sequential(
            nn.Linear(4 * len(cats) + nums, 32), nn.ReLU(), nn.Dropout(0.3), nn.Linear(32, 1)
        )

    def forward(self, c, n):
        e = [m(c[:, i]) for i, m in enumerate(self.emb)]
        return self.mlp(torch.cat([*e, self.bn(n)], 1)).squeeze(-1)


def table(n):
    c = torch.stack([torch.randint(0, k, (n,)) for k in (5, 7)], 1)
    m = torch.randn(n, 6)
    return c, m, m.sum(1) + 0.3 * c[:, 0]


def evaluate(model, c, m, y):
    model.eval()  # here
    with torch.no_grad():
        return nn.functional.mse_loss(model(c, m), y).item()


torch.manual_seed(0)
c, m, y = table(200)
cv, mv, yv = table(60)
model = Tabular((5, 7), 6)
opt = torch.optim.Adam(model.parameters(), lr=5e-3)
stopper = EarlyStopping(3)
print("before", evaluate(model, cv, mv, yv))
for _epoch in range(6):
    for i in torch.randperm(200).split(40):
        loss = nn.functional.mse_loss(model(c[i], m[i]), y[i])
        opt.zero_grad()
        loss.backward()
        opt.step()
    if stopper(evaluate(model, cv, mv, yv), model):
        break
model.load_state_dict(stopper.state)
