import torch
import torch.nn as nn
import torch.optim as optim


class ChurnNet(nn.Module):
    def __init__(self, n_in=12):
        super(ChurnNet, self).__init__()
        self.net = nn.Sequential(
            nn.Linear(n_in, 32), nn.BatchNorm1d(32), nn.ReLU(),
            nn.Linear(32, 16), nn.ReLU(),
            nn.Linear(16, 2), nn.Softmax(dim=1),
        )

    def forward(self, x):
        return self.net(x)


def get_batches(n=64, bs=16):
    x = torch.randn(n, 12)
    y = (x[:, 0] > 0).float()
    for i in range(0, n, bs):
        yield x[i:i + bs], y[i:i + bs]


def train():
    model = ChurnNet()
    criterion = nn.BCELoss()
    optimizer = optim.Adam(model.parameters(), lr=3e-4)
    for inputs, labels in get_batches():
        optimizer.zero_grad()
        outputs = model(inputs)
        loss = criterion(outputs, labels)
        loss.backward()
        optimizer.step()


if __name__ == "__main__":
    train()
