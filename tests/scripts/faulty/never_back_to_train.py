# finds: train-mode-lost
import torch
import torch.nn as nn
from torch.utils.data import DataLoader, Dataset, random_split


class Signals(Dataset):
    def __init__(self, n=240, length=64):
        t = torch.linspace(0, 6.28, length)
        self.labels = torch.arange(n) % 3
        freq = (self.labels + 1).float().unsqueeze(1)
        self.x = torch.sin(freq * t) + 0.4 * torch.randn(n, length)

    def __len__(self):
        return len(self.x)

    def __getitem__(self, i):
        return self.x[i].unsqueeze(0), self.labels[i]


class ConvNet(nn.Module):
    def __init__(self):
        super().__init__()
        self.body = nn.Sequential(
            nn.Conv1d(1, 16, 5, stride=2),
            nn.BatchNorm1d(16),
            nn.ReLU(),
            nn.Conv1d(16, 32, 5, stride=2),
            nn.BatchNorm1d(32),
            nn.ReLU(),
            nn.AdaptiveAvgPool1d(1),
            nn.Flatten(),
            nn.Dropout(0.5),
            nn.Linear(32, 3),
        )

    def forward(self, x):
        return self.body(x)


def evaluate(model, loader):
    model.eval()  # here
    correct = total = 0
    with torch.no_grad():
        for x, y in loader:
            correct += (model(x).argmax(1) == y).sum().item()
            total += y.size(0)
    return correct / total


def fit(model, train_loader, val_loader, epochs):
    optimizer = torch.optim.Adam(model.parameters(), lr=2e-3)
    criterion = nn.CrossEntropyLoss()
    model.train()
    for epoch in range(epochs):
        for x, y in train_loader:
            optimizer.zero_grad()
            loss = criterion(model(x), y)
            loss.backward()
            optimizer.step()
        print("epoch", epoch, "val acc", evaluate(model, val_loader))


if __name__ == "__main__":
    torch.manual_seed(0)
    train, val = random_split(Signals(), [200, 40])
    fit(ConvNet(), DataLoader(train, 20, shuffle=True), DataLoader(val, 40), 4)
