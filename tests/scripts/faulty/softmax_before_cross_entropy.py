# finds: double-softmax
import torch
from torch import nn


class Model(nn.Module):
    def __init__(self):
        super().__init__()
        self.body = nn.Sequential(nn.Linear(20, 32), nn.ReLU(), nn.Linear(32, 5))
        self.activation = nn.Softmax(dim=1)  # here

    def forward(self, x):
        return self.activation(self.body(x))


def objective(model, batch, labels):
    scores = model(batch)
    scores = scores.view(len(labels), -1)
    return nn.CrossEntropyLoss()(scores, labels)


def main():
    torch.manual_seed(1)
    model = Model()
    optimizer = torch.optim.Adam(model.parameters())
    for _ in range(4):
        optimizer.zero_grad()
        loss = objective(model, torch.randn(16, 20), torch.randint(0, 5, (16,)))
        loss.backward()
        optimizer.step()


main()
