# finds: eval-mode-forgotten
import torch
import torch.nn.functional as F
from torch import nn
from torch.utils.data import DataLoader, TensorDataset


class Net(nn.Module):
    def __init__(self):
        super().__init__()
        self.fc1 = nn.Linear(12, 32)
        self.dropout = nn.Dropout(0.4)
        self.fc2 = nn.Linear(32, 3)

    def forward(self, x):
        return self.fc2(self.dropout(F.relu(self.fc1(x))))


def train(net, loader, optimizer):
    for x, y in loader:
        optimizer.zero_grad()
        F.cross_entropy(net(x), y).backward()
        optimizer.step()


def evaluate(net, loader):
    correct = 0
    with torch.no_grad():
        for x, y in loader:
            correct += (net(x).argmax(1) == y).sum().item()  # here
    return correct


torch.manual_seed(0)
data = TensorDataset(torch.randn(160, 12), torch.randint(0, 3, (160,)))
net = Net()
optimizer = torch.optim.Adam(net.parameters())
for epoch in range(2):
    train(net, DataLoader(data, 16, shuffle=True), optimizer)
    print(epoch, evaluate(net, DataLoader(data, 32)))
