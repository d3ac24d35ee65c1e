import torch
from torch import nn


class MLP(nn.Module):
    def __init__(self, input_size=3, output_size=1, hidden=20):
        super().__init__()
        self.net = nn.Sequential(nn.Linear(input_size, hidden), nn.Tanh(), nn.Linear(hidden, hidden), nn.Tanh(), nn.Linear(hidden, output_size))

    def forward(self, x):
        return self.net(x)


class InitialCondition:
    def __init__(self, dataset, weight=1.0, norm=nn.MSELoss()):
        self.dataset = dataset
        self.weight = weight
        self.norm = norm

    def __call__(self, x, model, y):
        prediction = model(x)
        return self.norm(prediction, y)


def main():
    x = torch.rand(50, 3)
    y = torch.sin(x[:, 0]) * x[:, 1]
    model = MLP()
    condition = InitialCondition((x, y))
    optim = torch.optim.Adam(model.parameters())
    for _ in range(3):
        optim.zero_grad()
        loss = condition(x, model, y)
        loss.backward()
        optim.step()
