# finds: optimizer-misses-parameters
from dataclasses import dataclass

import torch
from torch import nn
from torch.utils.data import DataLoader, TensorDataset


@dataclass
class Config:
    epochs: int = 2
    batch_size: int = 16
    lr: float = 1e-3
    num_classes: int = 5


class Backbone(nn.Module):
    def __init__(self, num_classes=100):
        super().__init__()
        self.features = nn.Sequential(
            nn.Conv2d(3, 16, 3, padding=1),
            nn.BatchNorm2d(16),
            nn.ReLU(),
            nn.AdaptiveAvgPool2d(1),
            nn.Flatten(),
        )
        self.fc = nn.Linear(16, num_classes)

    def forward(self, x):
        return self.fc(self.features(x))


class Trainer:
    def __init__(self, model, config):
        self.model, self.config = model, config
        self.criterion = nn.CrossEntropyLoss()
        self.optimizer = self.configure_optimizer()
        self.adapt_head()

    def configure_optimizer(self):
        return torch.optim.AdamW(self.model.parameters(), lr=self.config.lr)  # here

    def adapt_head(self):
        self.model.fc = nn.Linear(self.model.fc.in_features, self.config.num_classes)

    def fit(self, train, val):
        for epoch in range(self.config.epochs):
            self.model.train()
            for images, labels in train:
                self.optimizer.zero_grad(set_to_none=True)
                loss = self.criterion(self.model(images), labels)
                loss.backward()
                self.optimizer.step()
            print(epoch, loss.item(), self.validate(val))

    @torch.no_grad()
    def validate(self, loader):
        self.model.eval()
        hits = sum((self.model(x).argmax(1) == y).sum().item() for x, y in loader)
        return hits / len(loader.dataset)


def make_data(n, classes):
    x = torch.randn(n, 3, 16, 16)
    y = torch.randint(0, classes, (n,))
    x += y[:, None, None, None] * 0.2
    return TensorDataset(x, y)


if __name__ == "__main__":
    torch.manual_seed(0)
    cfg = Config()
    train = DataLoader(make_data(128, cfg.num_classes), cfg.batch_size, shuffle=True)
    val = DataLoader(make_data(32, cfg.num_classes), cfg.batch_size)
    Trainer(Backbone(), cfg).fit(train, val)
