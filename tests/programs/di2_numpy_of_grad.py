import numpy as np
import torch
import torch.nn as nn


class HousePrice(nn.Module):
    def __init__(self, d=8):
        super().__init__()
        self.f = nn.Sequential(nn.Linear(d, 32), nn.SiLU(), nn.Linear(32, 1))

    def forward(self, x):
        return self.f(x).squeeze(-1)


def r2(y, p):
    return 1 - ((y - p) ** 2).sum() / ((y - y.mean()) ** 2).sum()


def evaluate(model, x, y):
    model.eval()
    preds = model(x).numpy()
    return r2(y.numpy(), preds)


def main():
    rng = np.random.default_rng(2)
    x = torch.from_numpy(rng.normal(size=(96, 8)).astype(np.float32))
    y = (x @ torch.arange(8.0)) + 1
    model = HousePrice()
    opt = torch.optim.Adam(model.parameters(), lr=1e-2)
    for epoch in range(2):
        model.train()
        for i in range(0, 64, 32):
            opt.zero_grad()
            nn.functional.mse_loss(model(x[i:i + 32]), y[i:i + 32]).backward()
            opt.step()
        print(epoch, evaluate(model, x[64:], y[64:]))


if __name__ == "__main__":
    main()
