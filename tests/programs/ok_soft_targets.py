import torch
import torch.nn as nn
import torch.nn.functional as F


class Net(nn.Module):
    def __init__(self):
        super().__init__()
        self.a = nn.Linear(20, 32)
        self.b = nn.Linear(32, 4)

    def forward(self, x):
        return self.b(F.relu(self.a(x)))


def main():
    net = Net()
    x = torch.rand(8, 20)
    y = torch.randint(0, 4, (8,))
    lam = 0.3
    mixed = lam * x + (1 - lam) * x.flip(0)
    onehot = F.one_hot(y, 4).float()
    target = lam * onehot + (1 - lam) * onehot.flip(0)
    loss = nn.CrossEntropyLoss()(net(mixed), target)
    loss.backward()
