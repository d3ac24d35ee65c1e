import torch
import torch.nn as nn
from torch.utils.data import DataLoader, TensorDataset, random_split


class PriceNet(nn.Module):
    def __init__(self, n_in=7):
        super().__init__()
        self.body = nn.Sequential(
            nn.Linear(n_in, 24),
            nn.BatchNorm1d(24),
            nn.ReLU(),
            nn.Dropout(0.1),
            nn.Linear(24, 1),
        )

    def forward(self, x):
        return self.body(x).squeeze(-1)


def fit(model, data, epochs=2):
    loader = DataLoader(data, batch_size=16, shuffle=True)
    optimizer = torch.optim.AdamW(model.parameters(), lr=3e-3)
    for _ in range(epochs):
        model.train()
        total = 0.0
        for features, price in loader:
            optimizer.zero_grad()
            loss = nn.functional.mse_loss(model(features), price)
            loss.backward()
            optimizer.step()
            total += loss.item()
    return total


def main():
    everything = TensorDataset(torch.rand(81, 7), torch.rand(81))
    train, test = random_split(everything, [65, 16])
    return fit(PriceNet(), train)


if __name__ == "__main__":
    main()
