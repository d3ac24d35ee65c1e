# finds: augmentation-in-evaluation
import torch
import torch.nn.functional as F
from torch import nn
from torch.utils.data import DataLoader, Dataset


class RandomFlip:
    def __call__(self, x):
        return x.flip(-1) if torch.rand(()) < 0.5 else x


class Pictures(Dataset):
    def __init__(self, count, transform):
        self.x, self.y = torch.randn(count, 1, 8, 8), torch.randint(0, 3, (count,))
        self.transform = transform

    def __len__(self):
        return len(self.x)

    def __getitem__(self, index):
        return self.transform(self.x[index]), self.y[index]


torch.manual_seed(0)
augment = RandomFlip()
train_loader = DataLoader(Pictures(64, augment), batch_size=16, shuffle=True)
test_loader = DataLoader(Pictures(32, augment), batch_size=16)  # here
net = nn.Sequential(nn.Flatten(), nn.Linear(64, 16), nn.ReLU(), nn.Linear(16, 3))
optimizer = torch.optim.Adam(net.parameters())
for _epoch in range(2):
    net.train()
    for x, y in train_loader:
        optimizer.zero_grad()
        F.cross_entropy(net(x), y).backward()
        optimizer.step()
    net.eval()
    with torch.no_grad():
        print(sum((net(x).argmax(1) == y).sum().item() for x, y in test_loader))
