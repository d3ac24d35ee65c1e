"""Segmentation with one image a batch: batch norm over full maps, class and edge losses."""

import torch
import torch.nn.functional as F
from torch import nn
from torch.utils.data import DataLoader, Dataset


class Shapes(Dataset):
    def __init__(self, n, seed):
        self.n, self.seed = n, seed

    def __len__(self):
        return self.n

    def __getitem__(self, i):
        g = torch.Generator().manual_seed(self.seed * 1000 + i)
        m = torch.zeros(40, 40, dtype=torch.long)
        for c in (1, 2):
            a, b = torch.randint(0, 28, (2,), generator=g).tolist()
            m[a : a + 12, b : b + 12] = c
        x = F.one_hot(m, 3).permute(2, 0, 1).float() + 0.3 * torch.randn(3, 40, 40, generator=g)
        return (x - 0.33) / 0.5, m


class Seg(nn.Module):
    def __init__(self):
        super().__init__()
        self.down = nn.Sequential(nn.Conv2d(3, 16, 3, 2, 1), nn.BatchNorm2d(16), nn.ReLU())
        self.mid = nn.Sequential(nn.Conv2d(16, 16, 3, 1, 1), nn.BatchNorm2d(16), nn.ReLU())
        self.cls, self.edge = nn.Conv2d(16, 3, 1), nn.Conv2d(16, 1, 1)

    def forward(self, x):
        h = F.interpolate(self.mid(self.down(x)), scale_factor=2, mode="bilinear", align_corners=False)
        return {"cls": self.cls(h), "edge": self.edge(h)}


def edges(m):
    e = torch.zeros_like(m, dtype=torch.float)
    e[:, 1:] = (m[:, 1:] != m[:, :-1]).float()
    return e[:, None]


torch.manual_seed(0)
loader = DataLoader(Shapes(12, 1), batch_size=1, shuffle=True)
net = Seg()
opt = torch.optim.Adam(net.parameters(), 1e-3)
for epoch in range(2):
    net.train()
    seen = {"cls": 0.0, "edge": 0.0}
    for x, m in loader:
        out = net(x)
        losses = {
            "cls": F.cross_entropy(out["cls"], m),
            "edge": F.binary_cross_entropy_with_logits(out["edge"], edges(m)),
        }
        opt.zero_grad()
        sum(losses.values()).backward()
        opt.step()
        for k, v in losses.items():
            seen[k] += v.item()
    print(epoch, seen)
net.eval()
with torch.no_grad():
    for x, m in DataLoader(Shapes(4, 2), batch_size=1):
        print((net(x)["cls"].argmax(1) == m).float().mean().item())
