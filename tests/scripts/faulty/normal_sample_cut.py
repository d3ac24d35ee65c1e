# finds: sample-cut-off
import torch
from torch import nn
from torch.distributions import Normal, kl_divergence


class Encoder(nn.Module):
    def __init__(self, d, z):
        super().__init__()
        self.body = nn.Sequential(nn.Linear(d, 40), nn.ELU())
        self.loc, self.scale = nn.Linear(40, z), nn.Linear(40, z)

    def forward(self, x):
        h = self.body(x)
        return Normal(self.loc(h), nn.functional.softplus(self.scale(h)) + 1e-4)


class Decoder(nn.Sequential):
    def __init__(self, d, z):
        super().__init__(nn.Linear(z, 40), nn.ELU(), nn.Linear(40, d))


class BetaVAE(nn.Module):
    def __init__(self, d=25, z=3, beta=0.5):
        super().__init__()
        self.encoder, self.decoder, self.beta = Encoder(d, z), Decoder(d, z), beta

    def elbo(self, x):
        posterior = self.encoder(x)
        z = posterior.sample()  # here
        prior = Normal(torch.zeros_like(z), torch.ones_like(z))
        fit = ((self.decoder(z) - x) ** 2).sum(1)
        return -(fit + self.beta * kl_divergence(posterior, prior).sum(1)).mean()


def stream(batches, size=24):
    mixing = torch.randn(3, 25)
    for _ in range(batches):
        yield torch.randn(size, 3) @ mixing


torch.manual_seed(0)
vae = BetaVAE()
optimizer = torch.optim.Adam(vae.parameters(), 1e-3)
for x in stream(12):
    loss = -vae.elbo(x)
    optimizer.zero_grad()
    loss.backward()
    optimizer.step()
print(loss.item())
