import torch
import torch.nn as nn
import torch.nn.functional as F


class FashionNet(nn.Module):
    def __init__(self, n=5):
        super().__init__()
        self.flatten = nn.Flatten()
        self.stack = nn.Sequential(nn.Linear(28 * 28, 64), nn.ReLU(), nn.Linear(64, n))

    def forward(self, x):
        return self.stack(self.flatten(x))


def main():
    model = FashionNet()
    loss_fn = nn.CrossEntropyLoss()
    optimizer = torch.optim.SGD(model.parameters(), lr=1e-3)
    X = torch.rand(8, 1, 28, 28)
    y = torch.randint(0, 5, (8,))
    onehot = F.one_hot(y, num_classes=5)
    pred = model(X)
    loss = loss_fn(pred, onehot)
    optimizer.zero_grad()
    loss.backward()
    optimizer.step()
