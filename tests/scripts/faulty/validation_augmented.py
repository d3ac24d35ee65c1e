# finds: augmentation-in-evaluation
import torch
from torch import nn
from torch.utils.data import DataLoader, Dataset, random_split


class RandomFlipNoise:
    def __call__(self, x):
        if torch.rand(()) < 0.5:
            x = x.flip(-1)
        return x + 0.2 * torch.randn_like(x)


class Pictures(Dataset):
    def __init__(self, n, transform=None):
        g = torch.Generator().manual_seed(1)
        self.x = torch.randn(n, 1, 12, 12, generator=g)
        self.y = (self.x.mean((1, 2, 3)) > 0).long()
        self.transform = transform

    def __len__(self):
        return len(self.y)

    def __getitem__(self, i):
        x = self.x[i]
        if self.transform:
            x = self.transform(x)
        return x, self.y[i]


torch.manual_seed(0)
full = Pictures(200, transform=RandomFlipNoise())
train_set, val_set = random_split(full, [160, 40])
train_loader = DataLoader(train_set, batch_size=20, shuffle=True)
val_loader = DataLoader(val_set, batch_size=20)  # here
net = nn.Sequential(nn.Conv2d(1, 8, 3), nn.ReLU(), nn.AdaptiveAvgPool2d(2), nn.Flatten(), nn.Linear(32, 2))
opt = torch.optim.Adam(net.parameters(), lr=1e-3)
for epoch in range(2):
    net.train()
    for x, y in train_loader:
        opt.zero_grad()
        nn.functional.cross_entropy(net(x), y).backward()
        opt.step()
    net.eval()
    with torch.no_grad():
        acc = sum((net(x).argmax(1) == y).sum().item() for x, y in val_loader) / len(val_set)
    print(epoch, acc)
