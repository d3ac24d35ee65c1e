import torch
from torch import nn


class AttributeNet(nn.Module):
    """one small head for each face attribute"""

    cfg = {'dropout': 0.5, 'attributes': ('smile', 'hat', 'beard'), 'width': 24}

    def __init__(self):
        super().__init__()
        w = self.cfg['width']
        self.stem = nn.Sequential(nn.Conv2d(3, w, 3, 2, 1, bias=False), nn.BatchNorm2d(w), nn.PReLU(w))
        self.body = nn.Sequential(
            nn.Conv2d(w, w, 3, 1, 1, groups=w, bias=False), nn.BatchNorm2d(w), nn.PReLU(w),
            nn.Conv2d(w, 2 * w, 1, bias=False), nn.BatchNorm2d(2 * w), nn.PReLU(2 * w),
        )
        self.heads = nn.ModuleDict({name: nn.Linear(2 * w, 1) for name in self.cfg['attributes']})

    def encode(self, x):
        x = self.body(self.stem(x))
        x = nn.functional.adaptive_avg_pool2d(x, 1).flatten(1)
        drop = nn.Dropout(self.cfg['dropout'])
        return drop(x)

    def forward(self, x):
        z = self.encode(x)
        return torch.cat([self.heads[name](z) for name in self.cfg['attributes']], dim=1)


def check():
    net = AttributeNet()
    net.eval()
    x = torch.rand(2, 3, 32, 32)
    with torch.no_grad():
        return (net(x) - net(x)).abs().max()


if __name__ == '__main__':
    print(check())
