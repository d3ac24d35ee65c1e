# finds: pairs-broken
import torch
import torch.nn as nn

torch.manual_seed(42)


class LinearReg(nn.Module):
    def __init__(self, d):
        super().__init__()
        self.net = nn.Sequential(nn.Linear(d, 16), nn.ReLU(), nn.Linear(16, 1))

    def forward(self, x):
        return self.net(x)


def load(n=240, d=6):
    X = torch.randn(n, d)
    y = X @ torch.randn(d, 1) + 0.05 * torch.randn(n, 1)
    return X, y


def shuffled(t):
    return t[torch.randperm(len(t))]  # here


X, y = load()
model = LinearReg(X.shape[1])
optimizer = torch.optim.Adam(model.parameters(), lr=1e-2)
loss_fn = nn.MSELoss()
batch_size = 40
for epoch in range(3):
    X, y = shuffled(X), shuffled(y)
    running = 0.0
    for i in range(0, len(X), batch_size):
        xb, yb = X[i : i + batch_size], y[i : i + batch_size]
        loss = loss_fn(model(xb), yb)
        optimizer.zero_grad()
        loss.backward()
        optimizer.step()
        running += loss.item()
    print(epoch, running)
