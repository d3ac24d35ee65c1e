import torch
import torch.nn as nn


class Digits(nn.Module):
    def __init__(self):
        super().__init__()
        self.h1 = nn.Linear(64, 50)
        self.h2 = nn.Linear(50, 50)
        self.out = nn.Linear(50, 10)

    def forward(self, x):
        x = torch.relu(self.h1(x))
        x = torch.relu(self.h2(x))
        return torch.sigmoid(self.out(x))


def fit():
    net = Digits()
    criterion = nn.CrossEntropyLoss()
    opt = torch.optim.Adam(net.parameters(), lr=0.001)
    X = torch.rand(64, 64)
    Y = torch.randint(0, 10, (64,))
    for i in range(0, 64, 16):
        x, y = X[i:i + 16], Y[i:i + 16]
        pred = net(x)
        loss = criterion(pred, y)
        opt.zero_grad()
        loss.backward()
        opt.step()
