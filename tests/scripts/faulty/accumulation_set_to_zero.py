# finds: gradients-erased
import torch
from torch import nn
from torch.utils.data import DataLoader, TensorDataset

ACCUMULATE = 4


def train(model, loader, optimizer, epochs):
    loss_fn = nn.CrossEntropyLoss()
    for epoch in range(epochs):
        for i, (x, y) in enumerate(loader):
            optimizer.zero_grad()  # here
            loss = loss_fn(model(x), y) / ACCUMULATE
            loss.backward()
            if (i + 1) % ACCUMULATE == 0:
                optimizer.step()
        print(epoch, loss.item() * ACCUMULATE)


if __name__ == "__main__":
    torch.manual_seed(0)
    x = torch.randn(480, 8)
    y = (x[:, 0] > x[:, 1]).long()
    net = nn.Sequential(nn.Linear(8, 16), nn.ELU(), nn.Linear(16, 2))
    train(net, DataLoader(TensorDataset(x, y), 8, shuffle=True), torch.optim.SGD(net.parameters(), lr=0.1), 2)
