# finds: sample-cut-off
import torch
import torch.nn.functional as F
from torch import nn


class VAE(nn.Module):
    def __init__(self, d=64, h=32, z=4):
        super().__init__()
        self.enc = nn.Linear(d, h)
        self.mu, self.logvar = nn.Linear(h, z), nn.Linear(h, z)
        self.dec = nn.Sequential(nn.Linear(z, h), nn.ReLU(), nn.Linear(h, d))

    def encode(self, x):
        h = F.relu(self.enc(x))
        return self.mu(h), self.logvar(h)

    def reparameterize(self, mu, logvar):
        std = torch.exp(0.5 * logvar)
        return torch.normal(mu, std)  # here

    def forward(self, x):
        mu, logvar = self.encode(x)
        z = self.reparameterize(mu, logvar)
        return self.dec(z), mu, logvar


def elbo(logits, x, mu, logvar):
    bce = F.binary_cross_entropy_with_logits(logits, x, reduction="sum")
    return bce - 0.5 * torch.sum(1 + logvar - mu.pow(2) - logvar.exp())


torch.manual_seed(0)
prototypes = (torch.rand(5, 64) > 0.5).float()
x = prototypes[torch.randint(0, 5, (256,))]
x = torch.where(torch.rand_like(x) < 0.05, 1 - x, x)
vae = VAE()
opt = torch.optim.Adam(vae.parameters(), lr=1e-3)
for epoch in range(3):
    total = 0
    for batch in x[torch.randperm(len(x))].split(32):
        opt.zero_grad()
        out, mu, logvar = vae(batch)
        loss = elbo(out, batch, mu, logvar)
        loss.backward()
        opt.step()
        total += loss.item()
    print(epoch, total / len(x))
