# finds: loss-kept-with-graph
import torch
from torch import nn
from torch.utils.data import DataLoader, TensorDataset


class AverageMeter:
    def __init__(self):
        self.sum, self.count = 0.0, 0

    def update(self, value, n=1):
        self.sum = self.sum + value * n  # here
        self.count += n

    @property
    def avg(self):
        return self.sum / max(self.count, 1)


def make_loader(n, shuffle):
    x = torch.randn(n, 1, 20, 20)
    y = (x.mean((1, 2, 3)) > 0).long()
    return DataLoader(TensorDataset(x, y), batch_size=16, shuffle=shuffle)


def main():
    torch.manual_seed(0)
    net = nn.Sequential(
        nn.Conv2d(1, 6, 5),
        nn.ReLU(),
        nn.MaxPool2d(2),
        nn.Conv2d(6, 12, 3),
        nn.ReLU(),
        nn.Flatten(),
        nn.Linear(12 * 36, 2),
    )
    opt = torch.optim.SGD(net.parameters(), lr=0.01, momentum=0.9)
    crit = nn.CrossEntropyLoss()
    for epoch in range(2):
        meter = AverageMeter()
        for x, y in make_loader(128, True):
            loss = crit(net(x), y)
            opt.zero_grad()
            loss.backward()
            opt.step()
            meter.update(loss, x.size(0))
        print(epoch, float(meter.avg))


main()
