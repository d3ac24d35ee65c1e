import copy
import torch
from torch import nn
import torch.nn.functional as F


def mlp(i, h, o):
    return nn.Sequential(nn.Linear(i, h), nn.BatchNorm1d(h), nn.ReLU(inplace=True), nn.Linear(h, o))


class BYOL(nn.Module):
    def __init__(self, tau=0.99):
        super().__init__()
        self.tau = tau
        backbone = nn.Sequential(nn.Conv2d(3, 16, 3, 2, 1), nn.BatchNorm2d(16), nn.ReLU(), nn.AdaptiveAvgPool2d(2), nn.Flatten())
        self.online = nn.Sequential(backbone, mlp(64, 64, 32))
        self.predictor = mlp(32, 64, 32)
        self.target = copy.deepcopy(self.online)
        for p in self.target.parameters():
            p.requires_grad_(False)

    @torch.no_grad()
    def update_target(self):
        for t, o in zip(self.target.parameters(), self.online.parameters()):
            t.mul_(self.tau).add_(o, alpha=1 - self.tau)

    def forward(self, x, y=None):
        y = x.flip(-1) if y is None else y
        p1, p2 = self.predictor(self.online(x)), self.predictor(self.online(y))
        with torch.no_grad():
            z1, z2 = self.target(x), self.target(y)
        return 4 - 2 * (F.cosine_similarity(p1, z2) + F.cosine_similarity(p2, z1)).mean()


def main():
    net = BYOL()
    opt = torch.optim.Adam(list(net.online.parameters()) + list(net.predictor.parameters()), lr=3e-4)
    for _ in range(2):
        x = torch.rand(4, 3, 32, 32)
        loss = net(x, x + 0.1 * torch.randn_like(x))
        opt.zero_grad()
        loss.backward()
        opt.step()
        net.update_target()


if __name__ == "__main__":
    main()
