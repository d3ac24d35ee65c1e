# finds: input-range
import torch
from torch import nn
from torch.utils.data import DataLoader, Dataset


class Scans(Dataset):
    def __init__(self, n):
        g = torch.Generator().manual_seed(0)
        self.x = torch.randint(0, 256, (n, 1, 16, 16), dtype=torch.uint8, generator=g)
        self.y = (self.x[:, 0, :8].float().mean((1, 2)) > self.x[:, 0, 8:].float().mean((1, 2))).long()

    def __len__(self):
        return len(self.y)

    def __getitem__(self, i):
        x = self.x[i].float() / 255
        return (x / 255 - 0.5) / 0.5, self.y[i]


torch.manual_seed(0)
net = nn.Sequential(nn.Conv2d(1, 8, 3), nn.ReLU(), nn.MaxPool2d(2), nn.Flatten(), nn.Linear(8 * 49, 2))
opt = torch.optim.SGD(net.parameters(), lr=0.01)
for epoch in range(2):
    for x, y in DataLoader(Scans(120), 20, shuffle=True):
        loss = nn.functional.cross_entropy(net(x), y)  # here
        opt.zero_grad()
        loss.backward()
        opt.step()
    print(epoch, loss.item())
