import torch
from torch import nn
from torch.utils.data import DataLoader, TensorDataset


class PointSeg(nn.Module):
    def __init__(self, channels=6, classes=13):
        super().__init__()
        self.local = nn.Sequential(
            nn.Conv1d(channels, 32, 1), nn.BatchNorm1d(32), nn.ReLU(),
            nn.Conv1d(32, 64, 1), nn.BatchNorm1d(64), nn.ReLU(),
        )
        self.glob = nn.Sequential(nn.Conv1d(64, 128, 1), nn.BatchNorm1d(128), nn.ReLU())
        self.head = nn.Sequential(
            nn.Conv1d(64 + 128, 64, 1), nn.BatchNorm1d(64), nn.ReLU(), nn.Dropout(0.4),
            nn.Conv1d(64, classes, 1),
        )

    def forward(self, x):
        a = self.local(x)
        g = self.glob(a).max(dim=2, keepdim=True)[0].expand(-1, -1, x.size(2))
        return self.head(torch.cat([a, g], dim=1))


class Runner:
    def __init__(self, model, epochs=2):
        self.model = model
        self.epochs = epochs
        self.criterion = nn.CrossEntropyLoss()
        self.optimizer = torch.optim.Adam(model.parameters(), lr=1e-3)
        train = TensorDataset(torch.rand(16, 6, 64), torch.randint(0, 13, (16, 64)))
        test = TensorDataset(torch.rand(8, 6, 64), torch.randint(0, 13, (8, 64)))
        self.train_loader = DataLoader(train, batch_size=4, shuffle=True, drop_last=True)
        self.test_loader = DataLoader(test, batch_size=4)

    def train_epoch(self):
        self.model.train()
        for points, labels in self.train_loader:
            self.optimizer.zero_grad()
            loss = self.criterion(self.model(points), labels)
            loss.backward()
            self.optimizer.step()

    def validate(self):
        correct = total = 0
        with torch.no_grad():
            for points, labels in self.test_loader:
                pred = self.model(points).argmax(1)
                correct += (pred == labels).sum().item()
                total += labels.numel()
        return correct / total

    def run(self):
        best = 0.0
        for epoch in range(self.epochs):
            self.train_epoch()
            best = max(best, self.validate())
        return best


def main():
    return Runner(PointSeg()).run()


if __name__ == "__main__":
    print(main())
