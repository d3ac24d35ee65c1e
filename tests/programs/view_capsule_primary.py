import torch
import torch.nn as nn
import torch.nn.functional as F

num_routes = 8 * 6 * 6


def squash(x):
    n = (x ** 2).sum(-1, keepdim=True)
    return n * x / ((1.0 + n) * torch.sqrt(n + 1e-8))


class ConvLayer(nn.Module):
    def __init__(self, cin=1, cout=32, k=9):
        super().__init__()
        self.conv = nn.Conv2d(cin, cout, k)

    def forward(self, x):
        return F.relu(self.conv(x))


class PrimaryCaps(nn.Module):
    def __init__(self, caps=4, cin=32, cout=8):
        super().__init__()
        self.capsules = nn.ModuleList([nn.Conv2d(cin, cout, kernel_size=9, stride=2) for _ in range(caps)])

    def forward(self, x):
        u = torch.stack([c(x) for c in self.capsules], dim=-1)
        return squash(u.view(x.size(0), num_routes, 4))


class DigitCaps(nn.Module):
    def __init__(self, caps=10, routes=num_routes, cin=4, cout=8):
        super().__init__()
        self.routes, self.caps = routes, caps
        self.W = nn.Parameter(torch.randn(1, routes, caps, cout, cin) * 0.05)

    def forward(self, x, rounds=3):
        b = x.size(0)
        x = x[:, :, None, :, None]
        u_hat = (self.W @ x).squeeze(-1)
        bij = torch.zeros(b, self.routes, self.caps, 1, device=x.device)
        for i in range(rounds):
            c = F.softmax(bij, dim=2)
            v = squash((c * u_hat).sum(1, keepdim=True))
            if i < rounds - 1:
                bij = bij + (u_hat * v).sum(-1, keepdim=True)
        return v.squeeze(1)


class CapsNet(nn.Module):
    def __init__(self):
        super().__init__()
        self.conv = ConvLayer()
        self.primary = PrimaryCaps()
        self.digits = DigitCaps()

    def forward(self, x):
        return self.digits(self.primary(self.conv(x))).norm(dim=-1)


if __name__ == "__main__":
    print(CapsNet()(torch.rand(4, 1, 32, 32)).shape)
