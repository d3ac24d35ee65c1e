import torch
from torch import nn
from torch.utils.data import DataLoader, Dataset


class FakeCifar(Dataset):
    def __init__(self, n=1000):
        self.n = n

    def __len__(self):
        return self.n

    def __getitem__(self, i):
        return torch.rand(3, 4, 4), i % 10


class TinyNet(nn.Module):
    def __init__(self, num_classes=10):
        super().__init__()
        self.fc1 = nn.Linear(48, 16)
        self.bn = nn.BatchNorm1d(16)
        self.fc2 = nn.Linear(16, num_classes)

    def forward(self, x):
        x = x.flatten(1)
        x = torch.relu(self.bn(self.fc1(x)))
        return self.fc2(x)


def main():
    train_set = FakeCifar(1000)
    train_loader = DataLoader(train_set, batch_size=3, shuffle=True)
    net = TinyNet()
    criterion = nn.CrossEntropyLoss()
    optimizer = torch.optim.SGD(net.parameters(), lr=0.01)
    net.train()
    for images, labels in train_loader:
        optimizer.zero_grad()
        loss = criterion(net(images), labels)
        loss.backward()
        optimizer.step()


if __name__ == '__main__':
    main()
