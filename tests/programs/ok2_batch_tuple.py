import torch
import torch.nn as nn
from torch.utils.data import DataLoader, TensorDataset


class AutoEncoder(nn.Module):
    def __init__(self, n_features=18, sizes=(12, 6, 3)):
        super().__init__()
        enc, dec, w = [], [], n_features
        for s in sizes:
            enc += [nn.Linear(w, s), nn.ReLU()]
            dec = [nn.ReLU(), nn.Linear(s, w)] + dec
            w = s
        self.encoder, self.decoder = nn.Sequential(*enc[:-1]), nn.Sequential(*dec)

    def forward(self, x):
        return self.decoder(self.encoder(x))


class EarlyStopping:
    def __init__(self, patience=3):
        self.patience, self.best, self.bad = patience, float("inf"), 0

    def __call__(self, loss):
        self.bad = 0 if loss < self.best else self.bad + 1
        self.best = min(self.best, loss)
        return self.bad >= self.patience


def run():
    x = torch.randn(96, 18)
    loader = DataLoader(TensorDataset(x), batch_size=32, shuffle=True)
    model, stop = AutoEncoder(), EarlyStopping()
    criterion = nn.MSELoss()
    optimizer = torch.optim.Adam(model.parameters(), lr=1e-3)
    for epoch in range(2):
        total = 0.0
        for (batch,) in loader:
            optimizer.zero_grad()
            recon = model(batch)
            loss = criterion(recon, batch)
            loss.backward()
            optimizer.step()
            total += loss.item()
        if stop(total):
            break


if __name__ == "__main__":
    run()
