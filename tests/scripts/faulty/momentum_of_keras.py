# finds: batchnorm-momentum
import torch
from torch import nn
from torch.utils.data import DataLoader, TensorDataset


def conv_bn(i, o, stride=1):
    return nn.Sequential(
        nn.Conv2d(i, o, 3, stride, 1, bias=False),
        nn.BatchNorm2d(o, momentum=0.99, eps=1e-3),  # here
        nn.ReLU(inplace=True),
    )


class Small(nn.Module):
    def __init__(self):
        super().__init__()
        self.body = nn.Sequential(conv_bn(3, 8), conv_bn(8, 16, 2), conv_bn(16, 16))
        self.fc = nn.Linear(16, 3)

    def forward(self, x):
        return self.fc(self.body(x).mean((-2, -1)))


torch.manual_seed(0)
x = torch.randn(120, 3, 12, 12)
y = torch.randint(0, 3, (120,))
net = Small()
opt = torch.optim.Adam(net.parameters(), lr=1e-3)
for epoch in range(2):
    net.train()
    for a, b in DataLoader(TensorDataset(x, y), 24, shuffle=True):
        opt.zero_grad()
        loss = nn.functional.cross_entropy(net(a), b)
        loss.backward()
        opt.step()
    net.eval()
    with torch.no_grad():
        print(epoch, loss.item(), (net(x).argmax(1) == y).float().mean().item())
