import torch
import torch.nn as nn


class Regressor(nn.Module):
    def __init__(self):
        super().__init__()
        self.net = nn.Sequential(
            nn.Linear(10, 20, bias=False),
            nn.BatchNorm1d(20),
            nn.ReLU(),
            nn.Linear(20, 1),
        )

    def forward(self, x):
        return self.net(x)


def main():
    model = Regressor()
    optimizer = torch.optim.Adam(model.parameters(), lr=1e-2)
    X, y = torch.randn(64, 10), torch.randn(64, 1)
    for epoch in range(3):
        optimizer.zero_grad()
        loss = nn.functional.mse_loss(model(X), y)
        loss.backward()
        optimizer.step()
    sample = torch.randn(1, 10)
    with torch.no_grad():
        prediction = model(sample)
    return prediction
