"""Truncated backpropagation: each batch goes on where its rows ended, so the state goes on too."""

import torch
from torch import nn
from torch.utils.data import DataLoader, Dataset

torch.manual_seed(0)


class Pieces(Dataset):
    def __init__(self, text, rows, length):
        self.columns = text[: len(text) // rows * rows].view(rows, -1)
        self.length = length

    def __len__(self):
        return (self.columns.size(1) - 1) // self.length

    def __getitem__(self, i):
        a = i * self.length
        return self.columns[:, a : a + self.length], self.columns[:, a + 1 : a + self.length + 1]


class Letters(nn.Module):
    def __init__(self):
        super().__init__()
        self.embed = nn.Embedding(20, 16)
        self.gru = nn.GRU(16, 32, batch_first=True)
        self.out = nn.Linear(32, 20)
        self.state = None

    def forward(self, x):
        state = self.state.detach() if self.state is not None else None
        y, self.state = self.gru(self.embed(x), state)
        return self.out(y)


text = (torch.arange(2000) * 7 % 20 + torch.randint(0, 2, (2000,))) % 20
loader = DataLoader(Pieces(text, 8, 16), batch_size=None)
net = Letters()
optimizer = torch.optim.Adam(net.parameters(), lr=5e-3)
for epoch in range(2):
    net.state = None
    for x, y in loader:
        optimizer.zero_grad()
        loss = nn.functional.cross_entropy(net(x).flatten(0, 1), y.flatten())
        loss.backward()
        optimizer.step()
    print(epoch, loss.item())
