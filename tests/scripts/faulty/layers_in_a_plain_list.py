# finds: modules-unregistered
import torch
import torch.nn as nn
import torch.optim as optim

torch.manual_seed(0)


class MultiBranch(nn.Module):
    def __init__(self, dim, hidden, n):
        super().__init__()
        self.branches = [nn.Sequential(nn.Linear(dim, hidden), nn.Tanh()) for _ in range(n)]  # here
        self.head = nn.Linear(n * hidden, 1)

    def forward(self, x):
        outs = [b(x) for b in self.branches]
        return self.head(torch.cat(outs, dim=1))


model = MultiBranch(6, 16, 3)
optimizer = optim.Adam(model.parameters(), lr=1e-2)
crit = nn.MSELoss()
X = torch.randn(512, 6)
Y = X.prod(dim=1, keepdim=True)
for epoch in range(4):
    perm = torch.randperm(512)
    for i in range(0, 512, 64):
        idx = perm[i : i + 64]
        optimizer.zero_grad()
        loss = crit(model(X[idx]), Y[idx])
        loss.backward()
        optimizer.step()
    print(f"epoch {epoch}: {loss.item():.4f}")
