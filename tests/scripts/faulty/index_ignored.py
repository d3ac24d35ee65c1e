# finds: samples-alike
import torch
from torch import nn
from torch.utils.data import DataLoader, Dataset


class Signals(Dataset):
    def __init__(self, n=200):
        self.x = torch.randn(n, 2, 40)
        self.y = (self.x.mean((1, 2)) > 0).long()
        self.index = 0

    def __len__(self):
        return len(self.x)

    def __getitem__(self, idx):
        return self.x[self.index], self.y[self.index]


def train():
    torch.manual_seed(0)
    loader = DataLoader(Signals(), batch_size=25, shuffle=True)  # here
    net = nn.Sequential(
        nn.Conv1d(2, 8, 5, stride=2), nn.ReLU(), nn.AdaptiveAvgPool1d(1), nn.Flatten(), nn.Linear(8, 2)
    )
    opt = torch.optim.Adam(net.parameters(), lr=1e-3)
    for epoch in range(2):
        for x, y in loader:
            opt.zero_grad()
            loss = nn.functional.cross_entropy(net(x), y)
            loss.backward()
            opt.step()
        print(epoch, loss.item())


train()
