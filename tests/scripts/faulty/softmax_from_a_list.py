# finds: double-softmax
import torch
from torch import nn
from torch.utils.data import DataLoader, TensorDataset

ACT = {"relu": nn.ReLU, "tanh": nn.Tanh, "softmax": lambda: nn.Softmax(dim=-1)}  # here


def build(spec):
    layers = []
    for kind, *args in spec:
        layers.append(nn.Linear(*args) if kind == "linear" else ACT[kind]())
    return nn.Sequential(*layers)


SPEC = [("linear", 12, 40), ("relu",), ("linear", 40, 40), ("tanh",), ("linear", 40, 5), ("softmax",)]


def run():
    torch.manual_seed(0)
    net = build(SPEC)
    x = torch.randn(200, 12)
    y = x[:, :5].argmax(1)
    criterion = nn.CrossEntropyLoss()
    optimizer = torch.optim.Adam(net.parameters())
    for epoch in range(2):
        for a, b in DataLoader(TensorDataset(x, y), batch_size=20, shuffle=True):
            optimizer.zero_grad()
            loss = criterion(net(a), b)
            loss.backward()
            optimizer.step()
        print(epoch, loss.item())


run()
