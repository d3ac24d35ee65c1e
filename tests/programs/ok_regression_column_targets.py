import torch
from torch import nn
from torch.utils.data import DataLoader, TensorDataset


class TempNet(nn.Module):
    def __init__(self, n=6):
        super().__init__()
        self.a = nn.Linear(n, 32)
        self.b = nn.Linear(32, 1)

    def forward(self, x):
        return self.b(torch.relu(self.a(x))).squeeze(1)


def main():
    x = torch.randn(50, 6)
    y = x @ torch.randn(6) + 0.1 * torch.randn(50)
    train = DataLoader(TensorDataset(x[:40], y[:40]), batch_size=8, shuffle=True)
    model = TempNet()
    opt = torch.optim.Adam(model.parameters(), lr=0.01)
    for epoch in range(3):
        model.train()
        for xb, yb in train:
            opt.zero_grad()
            loss = nn.functional.smooth_l1_loss(model(xb), yb)
            loss.backward()
            opt.step()
        model.eval()
        with torch.no_grad():
            held = nn.functional.mse_loss(model(x[40:]), y[40:])
        print(epoch, held.item())


if __name__ == "__main__":
    main()
