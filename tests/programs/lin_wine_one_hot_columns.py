import torch
from torch import nn


def load():
    measured = torch.rand(40, 11)
    color = torch.eye(2)[torch.randint(0, 2, (40,))]
    quality = torch.rand(40, 1) * 10
    return torch.cat([measured, color], dim=1), quality


class WineNet(nn.Module):
    def __init__(self, n_features, hidden=32):
        super().__init__()
        self.layers = nn.Sequential(
            nn.Linear(n_features, hidden),
            nn.ReLU(),
            nn.Linear(hidden, hidden),
            nn.ReLU(),
            nn.Linear(hidden, 1),
        )

    def forward(self, x):
        return self.layers(x)


def main():
    X, y = load()
    n_features = 11
    model = WineNet(n_features)
    loss_fn = nn.MSELoss()
    optimizer = torch.optim.SGD(model.parameters(), lr=1e-3)
    for epoch in range(3):
        for i in range(0, 40, 8):
            xb, yb = X[i:i + 8], y[i:i + 8]
            pred = model(xb)
            loss = loss_fn(pred, yb)
            optimizer.zero_grad()
            loss.backward()
            optimizer.step()


if __name__ == "__main__":
    main()
