import torch
import torch.nn as nn
from torch.utils.data import DataLoader, TensorDataset


class NewsNet(nn.Module):
    def __init__(self, n_words=200, n_topics=8):
        super().__init__()
        self.fc1 = nn.Linear(n_words, 64)
        self.fc2 = nn.Linear(64, 32)
        self.fc3 = nn.Linear(32, n_topics)
        self.relu = nn.ReLU()
        self.softmax = nn.Softmax(dim=1)

    def forward(self, x):
        x = self.relu(self.fc1(x))
        x = self.relu(self.fc2(x))
        return self.softmax(self.fc3(x))


def accuracy(model, x, y):
    model.eval()
    with torch.no_grad():
        return (model(x).argmax(1) == y).float().mean().item()


def main():
    x, y = torch.rand(96, 200), torch.randint(0, 8, (96,))
    loader = DataLoader(TensorDataset(x, y), batch_size=32, shuffle=True)
    model = NewsNet()
    criterion = nn.CrossEntropyLoss()
    optimizer = torch.optim.Adam(model.parameters(), lr=1e-3)
    for epoch in range(2):
        model.train()
        for xb, yb in loader:
            optimizer.zero_grad()
            loss = criterion(model(xb), yb)
            loss.backward()
            optimizer.step()
    return accuracy(model, x, y)


if __name__ == "__main__":
    main()
