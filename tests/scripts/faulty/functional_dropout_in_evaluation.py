# finds: dropout-always-on
import torch
import torch.nn as nn
import torch.nn.functional as F
from torch.utils.data import DataLoader, TensorDataset, random_split


class Net(nn.Module):
    def __init__(self):
        super().__init__()
        self.c1 = nn.Conv2d(1, 8, 3, padding=1)
        self.c2 = nn.Conv2d(8, 16, 3, padding=1)
        self.fc = nn.Linear(16 * 4 * 4, 5)

    def forward(self, x):
        x = F.max_pool2d(F.relu(self.c1(x)), 2)
        x = F.max_pool2d(F.relu(self.c2(x)), 2)
        x = F.dropout(x.flatten(1), 0.4)  # here
        return self.fc(x)


def evaluate(model, loader):
    model.eval()
    hits = total = 0
    with torch.no_grad():
        for x, y in loader:
            hits += (model(x).argmax(1) == y).sum().item()
            total += len(y)
    return hits / total


def run():
    torch.manual_seed(0)
    x = torch.randn(500, 1, 16, 16)
    y = torch.randint(0, 5, (500,))
    train, test = random_split(TensorDataset(x, y), [400, 100])
    tl, vl = DataLoader(train, 40, shuffle=True), DataLoader(test, 50)
    model = Net()
    opt = torch.optim.AdamW(model.parameters(), lr=1e-3)
    for epoch in range(2):
        model.train()
        for xb, yb in tl:
            opt.zero_grad(set_to_none=True)
            F.cross_entropy(model(xb), yb).backward()
            opt.step()
        print(epoch, evaluate(model, vl))


if __name__ == "__main__":
    run()
