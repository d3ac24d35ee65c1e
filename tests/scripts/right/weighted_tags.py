# Several tags a sample, rare ones weigh more; the threshold is on probabilities.
import torch
from torch import nn
from torch.utils.data import DataLoader, TensorDataset, random_split


def make(n=200, tags=6):
    x = torch.randn(n, 12)
    return TensorDataset(x, (x[:, :tags] > 0.8).float())


class Learner:
    def __init__(self, tags, positive):
        self.net = nn.Sequential(
            nn.Linear(12, 32), nn.LayerNorm(32), nn.GELU(), nn.Dropout(0.1), nn.Linear(32, tags)
        )
        self.criterion = nn.BCEWithLogitsLoss(pos_weight=(1 - positive) / positive)
        self.optimizer = torch.optim.AdamW(self.net.parameters(), lr=2e-3)
        self.scheduler = torch.optim.lr_scheduler.StepLR(self.optimizer, 1, gamma=0.8)

    def epoch(self, loader):
        self.net.train()
        total, count = 0.0, 0
        for x, y in loader:
            self.optimizer.zero_grad()
            loss = self.criterion(self.net(x), y)
            loss.backward()
            self.optimizer.step()
            total, count = total + loss.item() * len(x), count + len(x)
        self.scheduler.step()
        return total / count

    @torch.no_grad()
    def f1(self, loader):
        self.net.eval()
        hit = wrong = 0.0
        for x, y in loader:
            said = torch.sigmoid(self.net(x)) > 0.5
            hit += (said & y.bool()).sum().item()
            wrong += (said != y.bool()).sum().item()
        return 2 * hit / (2 * hit + wrong)


torch.manual_seed(0)
train, valid = random_split(make(), [160, 40])
positive = torch.stack([y for _, y in train]).mean(0)
learner = Learner(6, positive)
for _ in range(3):
    print(learner.epoch(DataLoader(train, 16, shuffle=True)), learner.f1(DataLoader(valid, 16)))
