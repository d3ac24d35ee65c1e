"""WGAN with weight clipping: five critic steps to one of the generator, RMSprop."""

import itertools

import torch
from torch import nn


def mlp(*sizes, last=None):
    layers = []
    for i, o in itertools.pairwise(sizes):
        layers += [nn.Linear(i, o), nn.LeakyReLU(0.2)]
    layers = layers[:-1]
    return nn.Sequential(*layers, *([last] if last else []))


class Wgan:
    def __init__(self, nz=8, clip=0.05):
        self.nz, self.clip = nz, clip
        self.G, self.C = mlp(nz, 32, 32, 2), mlp(2, 32, 32, 1)
        self.og = torch.optim.RMSprop(self.G.parameters(), lr=5e-4)
        self.oc = torch.optim.RMSprop(self.C.parameters(), lr=5e-4)

    def critic_step(self, x):
        with torch.no_grad():
            fake = self.G(torch.randn(len(x), self.nz))
        loss = self.C(fake).mean() - self.C(x).mean()
        self.oc.zero_grad()
        loss.backward()
        self.oc.step()
        with torch.no_grad():
            for p in self.C.parameters():
                p.clamp_(-self.clip, self.clip)
        return loss.item()

    def generator_step(self, n):
        for p in self.C.parameters():
            p.requires_grad_(False)
        loss = -self.C(self.G(torch.randn(n, self.nz))).mean()
        self.og.zero_grad()
        loss.backward()
        self.og.step()
        for p in self.C.parameters():
            p.requires_grad_(True)
        return loss.item()


if __name__ == "__main__":
    torch.manual_seed(0)
    gan = Wgan()
    for it in range(6):
        for _ in range(5):
            c = gan.critic_step(torch.randn(64, 2) * 0.3 + torch.tensor([1.0, -1.0]))
        print(it, c, gan.generator_step(64))
