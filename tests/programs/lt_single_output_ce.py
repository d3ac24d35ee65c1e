import torch
from torch import nn


class Churn(nn.Module):
    def __init__(self):
        super().__init__()
        self.h1 = nn.Linear(11, 6)
        self.out = nn.Linear(6, 1)

    def forward(self, x):
        return self.out(torch.relu(self.h1(x)))


def main():
    model = Churn()
    loss_fn = nn.CrossEntropyLoss()
    opt = torch.optim.Adam(model.parameters())
    x, y = torch.rand(8, 11), torch.zeros(8, dtype=torch.long)
    for _ in range(3):
        opt.zero_grad()
        loss = loss_fn(model(x), y)
        loss.backward()
        opt.step()
    return loss
