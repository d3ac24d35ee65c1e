# Worker processes, activation checkpointing, a saved and loaded state, a validation that stops early.
import io
import math

import torch
import torch.nn.functional as F
from torch import nn
from torch.utils.checkpoint import checkpoint
from torch.utils.data import DataLoader, Dataset, random_split


class Waves(Dataset):
    def __len__(self):
        return 96

    def __getitem__(self, index):
        x = torch.rand(8)
        return x, torch.sin(x.sum()).unsqueeze(0)


class Net(nn.Module):
    def __init__(self):
        super().__init__()
        self.first = nn.Sequential(nn.Linear(8, 32), nn.Tanh())
        self.last = nn.Linear(32, 1)

    def forward(self, x):
        return self.last(checkpoint(self.first, x, use_reentrant=False))


def validate(net, loader):
    net.eval()
    losses = []
    with torch.inference_mode():
        for x, y in loader:
            losses.append(F.mse_loss(net(x), y))
    net.train()
    return torch.stack(losses).mean().item()


if __name__ == "__main__":
    torch.manual_seed(0)
    train_set, val_set = random_split(Waves(), [72, 24])
    train_loader = DataLoader(train_set, batch_size=12, shuffle=True, num_workers=2)
    val_loader = DataLoader(val_set, batch_size=12)
    net = Net()
    optimizer = torch.optim.Adam(net.parameters(), lr=1e-3)
    plateau = torch.optim.lr_scheduler.ReduceLROnPlateau(optimizer, patience=1)
    best, saved = math.inf, io.BytesIO()
    for _ in range(2):
        for x, y in train_loader:
            optimizer.zero_grad()
            F.mse_loss(net(x), y).backward()
            optimizer.step()
        score = validate(net, val_loader)
        plateau.step(score)
        if score < best:
            best = score
            saved.seek(0)
            torch.save(net.state_dict(), saved)
    saved.seek(0)
    net.load_state_dict(torch.load(saved, weights_only=True))
