# finds: gradients-vanish
import torch
from torch import nn


def init(m):
    if isinstance(m, nn.Linear):
        nn.init.normal_(m.weight, std=0.01)
        nn.init.zeros_(m.bias)


class Deep(nn.Module):
    def __init__(self, depth=12, width=32):
        super().__init__()
        self.inp = nn.Linear(10, width)
        self.hidden = nn.ModuleList([nn.Linear(width, width) for _ in range(depth)])
        self.out = nn.Linear(width, 2)

    def forward(self, x):
        x = torch.sigmoid(self.inp(x))
        for layer in self.hidden:
            x = torch.sigmoid(layer(x))  # here
        return self.out(x)


torch.manual_seed(0)
net = Deep()
net.apply(init)
opt = torch.optim.Adam(net.parameters(), lr=1e-3)
for _step in range(10):
    x = torch.randn(64, 10)
    loss = nn.functional.cross_entropy(net(x), (x[:, 0] > 0).long())
    opt.zero_grad()
    loss.backward()
    opt.step()
print(loss.item())
