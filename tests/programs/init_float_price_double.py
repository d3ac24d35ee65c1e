import numpy as np
import torch
from torch import nn


class HouseNet(nn.Module):
    def __init__(self):
        super().__init__()
        self.l1 = nn.Linear(6, 20)
        self.l2 = nn.Linear(20, 1)

    def forward(self, x):
        return self.l2(torch.relu(self.l1(x)))


def read():
    table = np.random.rand(50, 6)
    price = table @ np.array([3.0, 1.0, 0.5, 2.0, 0.1, 4.0])
    return torch.tensor(table), torch.tensor(price).unsqueeze(1)


def main():
    X, y = read()
    y = y.float()
    model = HouseNet()
    opt = torch.optim.SGD(model.parameters(), lr=0.01)
    for epoch in range(10):
        opt.zero_grad()
        loss = nn.functional.mse_loss(model(X), y)
        loss.backward()
        opt.step()
        if epoch % 5 == 0:
            print(epoch, loss.item())


if __name__ == "__main__":
    main()
