import torch
import torch.nn as nn
import torch.nn.functional as F


class MultiTask(nn.Module):
    def __init__(self, tasks=('age', 'sex')):
        super().__init__()
        self.p = 0.4
        self.trunk = nn.Linear(10, 20)
        heads = [nn.Linear(20, 3), nn.Linear(20, 2)]
        self.by_name = dict(zip(tasks, heads))
        self._all = nn.ModuleList(heads)

    def forward(self, x):
        x = F.relu(self.trunk(x))
        x = F.dropout(x, self.p, self.training)
        return {name: head(x) for name, head in self.by_name.items()}


def main():
    model = MultiTask()
    optimizer = torch.optim.SGD(model.parameters(), lr=0.01)
    x = torch.randn(6, 10)
    targets = {'age': torch.randint(0, 3, (6,)), 'sex': torch.randint(0, 2, (6,))}
    out = model(x)
    loss = sum(F.cross_entropy(out[k], targets[k]) for k in targets)
    optimizer.zero_grad()
    loss.backward()
    optimizer.step()
