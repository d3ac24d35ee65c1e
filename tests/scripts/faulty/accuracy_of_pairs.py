# finds: loss-broadcast
import torch
from torch import nn
from torch.utils.data import DataLoader, TensorDataset


def accuracy(scores, labels):
    predicted = (torch.sigmoid(scores) > 0.5).float()
    return (predicted == labels).float().mean().item()  # here


def train(net, loader, optimizer, criterion):
    net.train()
    for x, y in loader:
        optimizer.zero_grad()
        criterion(net(x), y.unsqueeze(1)).backward()
        optimizer.step()


def evaluate(net, loader):
    net.eval()
    values = []
    with torch.no_grad():
        for x, y in loader:
            values.append(accuracy(net(x), y))
    return sum(values) / len(values)


def spam(n):
    x = torch.randn(n, 14)
    return TensorDataset(x, (x[:, 0] + x[:, 1] > 0).float())


torch.manual_seed(0)
net = nn.Sequential(nn.Linear(14, 32), nn.ReLU(), nn.Linear(32, 1))
optimizer = torch.optim.Adam(net.parameters(), lr=1e-3)
criterion = nn.BCEWithLogitsLoss()
loader, test = DataLoader(spam(160), 16, shuffle=True), DataLoader(spam(64), 32)
for epoch in range(3):
    train(net, loader, optimizer, criterion)
    print(epoch, evaluate(net, test))
