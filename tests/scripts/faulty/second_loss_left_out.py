# finds: parameters-without-gradient
import torch
from torch import nn
from torch.utils.data import DataLoader, TensorDataset


class MultiTask(nn.Module):
    def __init__(self):
        super().__init__()
        self.shared = nn.Sequential(nn.Linear(15, 48), nn.ReLU())
        self.kind = nn.Linear(48, 4)
        self.size = nn.Linear(48, 1)  # here

    def forward(self, x):
        h = self.shared(x)
        return self.kind(h), self.size(h).squeeze(-1)


def samples(n):
    x = torch.randn(n, 15)
    return TensorDataset(x, x[:, :4].argmax(1), x[:, 4:8].sum(1))


def epoch(model, loader, optimizer, ce, mse):
    for x, kind, size in loader:
        k, s = model(x)
        loss_kind = ce(k, kind)
        loss_size = mse(s, size)
        loss = loss_kind + 0.5 * loss_kind
        optimizer.zero_grad()
        loss.backward()
        optimizer.step()
    return loss_kind.item(), loss_size.item()


torch.manual_seed(0)
model = MultiTask()
optimizer = torch.optim.Adam(model.parameters(), 2e-3)
loader = DataLoader(samples(160), 32, shuffle=True)
for e in range(2):
    print(e, epoch(model, loader, optimizer, nn.CrossEntropyLoss(), nn.MSELoss()))
