import torch
from torch import nn
from torch.utils.data import DataLoader, TensorDataset, random_split


class SEBlock(nn.Module):
    def __init__(self, ch, r=4):
        super().__init__()
        self.squeeze = nn.AdaptiveAvgPool1d(1)
        self.excite = nn.Sequential(
            nn.Conv1d(ch, ch // r, 1), nn.BatchNorm1d(ch // r), nn.ReLU(),
            nn.Conv1d(ch // r, ch, 1), nn.Sigmoid(),
        )

    def forward(self, x):
        return x * self.excite(self.squeeze(x))


class BeatNet(nn.Module):
    def __init__(self, leads=2, classes=5):
        super().__init__()
        self.conv = nn.Conv1d(leads, 16, 7, stride=4)
        self.se = SEBlock(16)
        self.fc = nn.Linear(16, classes)

    def forward(self, x):
        return self.fc(self.se(self.conv(x)).mean(-1))


def fit(batch_size=32):
    beats = TensorDataset(torch.randn(159, 2, 187), torch.randint(0, 5, (159,)))
    train, val = random_split(beats, [129, 30])
    model = BeatNet()
    optimizer = torch.optim.Adam(model.parameters())
    for x, y in DataLoader(train, batch_size, shuffle=True):
        optimizer.zero_grad()
        nn.functional.cross_entropy(model(x), y).backward()
        optimizer.step()
    return model


if __name__ == "__main__":
    fit()
