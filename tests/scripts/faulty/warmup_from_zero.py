# finds: weights-not-moving
import torch
from torch import nn, optim
from torch.utils.data import DataLoader, TensorDataset


def main():
    torch.manual_seed(0)
    x = torch.randn(320, 16)
    loader = DataLoader(TensorDataset(x, (x[:, 0] > 0).long()), batch_size=32, shuffle=True)
    model = nn.Sequential(nn.Linear(16, 32), nn.ReLU(), nn.Linear(32, 2))
    optimizer = optim.AdamW(model.parameters(), lr=1e-3)
    warmup = optim.lr_scheduler.LambdaLR(optimizer, lambda epoch: min(1.0, epoch / 3))  # here
    for epoch in range(4):
        total = 0.0
        for xb, yb in loader:
            optimizer.zero_grad()
            loss = nn.functional.cross_entropy(model(xb), yb)
            loss.backward()
            optimizer.step()
            total += loss.item()
        warmup.step()
        print(epoch, total / len(loader))


main()
