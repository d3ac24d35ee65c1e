# finds: eval-mode-forgotten
import torch
from torch import nn
from torch.utils.data import DataLoader, TensorDataset


class Callback:
    def on_epoch_end(self, trainer, metrics): ...


class PrintCallback(Callback):
    def on_epoch_end(self, trainer, metrics):
        print(" ".join(f"{k}={v:.3f}" for k, v in metrics.items()))


class Trainer:
    def __init__(self, net, lr=1e-3, callbacks=()):
        self.net = net
        self.opt = torch.optim.Adam(net.parameters(), lr=lr)
        self.loss = nn.CrossEntropyLoss()
        self.callbacks = list(callbacks)

    def _train_step(self, batch):
        x, y = batch
        self.opt.zero_grad()
        loss = self.loss(self.net(x), y)
        loss.backward()
        self.opt.step()
        return loss.item()

    @torch.inference_mode()
    def _validate(self, loader):
        good = n = 0
        for x, y in loader:
            good += (self.net(x).argmax(-1) == y).sum().item()  # here
            n += len(y)
        return good / n

    def fit(self, train, val, epochs):
        self.net.train()
        for _ in range(epochs):
            losses = [self._train_step(b) for b in train]
            metrics = {"loss": sum(losses) / len(losses), "acc": self._validate(val)}
            for cb in self.callbacks:
                cb.on_epoch_end(self, metrics)


def bag_of_words(n, vocab=60):
    y = torch.randint(0, 3, (n,))
    logits = torch.zeros(n, vocab)
    logits[torch.arange(n), y * 5] = 3.0
    return TensorDataset(torch.distributions.Poisson(torch.exp(logits * 0.5)).sample().clamp(max=5) / 5, y)


if __name__ == "__main__":
    torch.manual_seed(0)
    net = nn.Sequential(nn.Linear(60, 32), nn.ReLU(), nn.Dropout(0.5), nn.Linear(32, 3))
    train, val = DataLoader(bag_of_words(200), 20, shuffle=True), DataLoader(bag_of_words(60), 30)
    Trainer(net, callbacks=[PrintCallback()]).fit(train, val, 2)
