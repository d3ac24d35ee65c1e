import torch
import torch.nn as nn
import torch.nn.functional as F


class TempoNet(nn.Module):
    """A value for every step of a sequence."""

    def __init__(self, feats=10, ch=24):
        super().__init__()
        self.conv1 = nn.Conv1d(feats, ch, 5, padding=2)
        self.conv2 = nn.Conv1d(ch, ch, 5, padding=2)
        self.head = nn.Linear(ch, 1)

    def forward(self, x):
        h = F.relu(self.conv1(x.transpose(1, 2)))
        h = F.relu(self.conv2(h)).transpose(1, 2)
        return self.head(h)


def batch(n=16, steps=36):
    x = torch.randn(n, steps, 10)
    return x, x.mean(-1)


def train(n_steps=3):
    net = TempoNet()
    optimizer = torch.optim.NAdam(net.parameters(), lr=1e-3)
    criterion = nn.HuberLoss(delta=0.5)
    for _ in range(n_steps):
        x, y = batch()
        optimizer.zero_grad()
        loss = criterion(net(x), y)
        loss.backward()
        optimizer.step()


if __name__ == "__main__":
    train()
