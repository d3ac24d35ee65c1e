# finds: loss-broadcast
import torch
import torch.nn.functional as F
from torch import nn
from torch.utils.data import DataLoader, Dataset


class Houses(Dataset):
    def __init__(self, n=160):
        g = torch.Generator().manual_seed(3)
        self.rows = torch.randn(n, 9, generator=g)
        self.prices = self.rows @ torch.randn(9, generator=g)

    def __len__(self):
        return len(self.rows)

    def __getitem__(self, i):
        return self.rows[i], float(self.prices[i])


def collate(samples):
    rows, prices = zip(*samples, strict=False)
    return torch.stack(rows), torch.tensor(prices)


def huber(prediction, price, delta=1.0):
    error = prediction - price  # here
    small = error.abs() <= delta
    return torch.where(small, 0.5 * error**2, delta * (error.abs() - 0.5 * delta)).mean()


class PriceNet(nn.Module):
    def __init__(self):
        super().__init__()
        self.first = nn.Linear(9, 24)
        self.second = nn.Linear(24, 1)

    def forward(self, x):
        return self.second(F.gelu(self.first(x)))


def main():
    torch.manual_seed(0)
    net = PriceNet()
    optimizer = torch.optim.AdamW(net.parameters(), lr=3e-3)
    loader = DataLoader(Houses(), 20, shuffle=True, collate_fn=collate)
    for _ in range(3):
        for rows, prices in loader:
            loss = huber(net(rows), prices)
            optimizer.zero_grad(set_to_none=True)
            loss.backward()
            optimizer.step()
    print(f"{loss:.3f}")


if __name__ == "__main__":
    main()
