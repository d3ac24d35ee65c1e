import torch
from torch import nn


class Encoder(nn.Module):
    def __init__(self, nc=3, nef=32, nz=10):
        super().__init__()
        layers = []
        prev = nc
        for mult in (1, 1, 2, 2):
            layers += [nn.Conv2d(prev, nef * mult, 4, 2, 1), nn.ReLU(True)]
            prev = nef * mult
        self.features = nn.Sequential(*layers)
        self.mu = nn.Linear(1024, nz)
        self.logvar = nn.Linear(1024, nz)

    def forward(self, x):
        h = self.features(x)
        h = h.view(h.size(0), -1)
        return self.mu(h), self.logvar(h)


def reparametrize(mu, logvar):
    std = logvar.mul(0.5).exp()
    return mu + std * torch.randn_like(std)


if __name__ == "__main__":
    enc = Encoder()
    batch = torch.rand(16, 3, 96, 96)
    z = reparametrize(*enc(batch))
    print(z.shape)
