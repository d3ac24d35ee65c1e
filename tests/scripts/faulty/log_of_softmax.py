# finds: loss-not-a-number
import torch
from torch import nn
from torch.utils.data import DataLoader, TensorDataset


class ScoreNet(nn.Module):
    def __init__(self):
        super().__init__()
        self.body = nn.Sequential(nn.Linear(5, 32), nn.ReLU(), nn.Linear(32, 4))

    def forward(self, x):
        return torch.softmax(self.body(x) * 50.0, dim=1)


def entropy(p):
    return -(p * torch.log(p)).sum(1).mean()


def nll(p, y):
    return -torch.log(p.gather(1, y[:, None])).mean()  # here


torch.manual_seed(0)
x = torch.randn(128, 5) * 6
y = torch.randint(0, 4, (128,))
net = ScoreNet()
opt = torch.optim.Adam(net.parameters(), lr=1e-3)
for epoch in range(2):
    for a, b in DataLoader(TensorDataset(x, y), 32, shuffle=True):
        p = net(a)
        loss = nll(p, b) - 0.01 * entropy(p)
        opt.zero_grad()
        loss.backward()
        opt.step()
    print(epoch, loss.item())
