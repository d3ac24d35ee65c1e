# finds: train-mode-lost
import torch
from torch import nn
from torch.utils.data import DataLoader, TensorDataset


class Callback:
    def on_epoch_end(self, trainer):
        pass


class Validate(Callback):
    def __init__(self, loader):
        self.loader = loader

    @torch.no_grad()
    def on_epoch_end(self, trainer):
        trainer.net.eval()  # here
        losses = [trainer.criterion(trainer.net(x), y).item() for x, y in self.loader]
        print("valid", sum(losses) / len(losses))


class Trainer:
    def __init__(self, net, loader, callbacks=()):
        self.net, self.loader, self.callbacks = net, loader, callbacks
        self.criterion = nn.MSELoss()
        self.optimizer = torch.optim.Adam(net.parameters(), lr=1e-3)

    def fit(self, epochs):
        self.net.train()
        for _ in range(epochs):
            for x, y in self.loader:
                self.optimizer.zero_grad()
                self.criterion(self.net(x), y).backward()
                self.optimizer.step()
            for callback in self.callbacks:
                callback.on_epoch_end(self)


def data(n):
    x = torch.randn(n, 10)
    return TensorDataset(x, x[:, :2].sin())


torch.manual_seed(0)
net = nn.Sequential(nn.Linear(10, 32), nn.BatchNorm1d(32), nn.ReLU(), nn.Dropout(0.3), nn.Linear(32, 2))
train, valid = DataLoader(data(96), 16, shuffle=True), DataLoader(data(32), 16)
Trainer(net, train, [Validate(valid)]).fit(4)
