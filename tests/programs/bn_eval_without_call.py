import torch
import torch.nn as nn
import torch.optim as optim


class Encoder(nn.Module):
    def __init__(self, dim=40, out=6):
        super().__init__()
        self.layers = nn.Sequential(
            nn.Linear(dim, 64),
            nn.BatchNorm1d(64),
            nn.ReLU(),
            nn.Linear(64, out),
        )

    def forward(self, x):
        return self.layers(x)


def main():
    model = Encoder()
    criterion = nn.CrossEntropyLoss()
    optimizer = optim.SGD(model.parameters(), lr=0.05)
    for step in range(3):
        features = torch.randn(16, 40)
        labels = torch.randint(0, 6, (16,))
        optimizer.zero_grad()
        loss = criterion(model(features), labels)
        loss.backward()
        optimizer.step()

    model.eval
    with torch.no_grad():
        sample = torch.randn(1, 40)
        print(model(sample).argmax(1))
