import torch
import torch.nn as nn
import torch.nn.functional as F

torch.manual_seed(4)


class ConvVAE(nn.Module):
    def __init__(self, latent=4):
        super().__init__()
        self.enc = nn.Sequential(
            nn.Conv2d(1, 8, 4, 2, 1), nn.ReLU(), nn.Conv2d(8, 16, 4, 2, 1), nn.ReLU(), nn.Flatten()
        )
        self.stats = nn.Linear(16 * 4 * 4, 2 * latent)
        self.expand = nn.Linear(latent, 16 * 4 * 4)
        self.dec = nn.Sequential(
            nn.ConvTranspose2d(16, 8, 4, 2, 1), nn.ReLU(), nn.ConvTranspose2d(8, 1, 4, 2, 1)
        )

    def forward(self, x):
        mu, logvar = self.stats(self.enc(x)).chunk(2, dim=1)
        z = mu + torch.exp(0.5 * logvar) * torch.randn_like(mu) if self.training else mu
        return self.dec(self.expand(z).view(-1, 16, 4, 4)), mu, logvar


def elbo(logits, x, mu, logvar, beta):
    recon = F.binary_cross_entropy_with_logits(logits, x, reduction="none").sum(dim=(1, 2, 3))
    kl = -0.5 * (1 + logvar - mu.square() - logvar.exp()).sum(dim=1)
    return (recon + beta * kl).mean(), recon.mean(), kl.mean()


data = (torch.rand(128, 1, 16, 16) > 0.7).float()
model = ConvVAE()
optimizer = torch.optim.Adam(model.parameters(), lr=1e-3)
for epoch in range(4):
    beta = min(1.0, epoch / 2)
    model.train()
    for x in data[torch.randperm(128)].split(32):
        loss, recon, kl = elbo(*(lambda out: (out[0], x, out[1], out[2]))(model(x)), beta)
        optimizer.zero_grad()
        loss.backward()
        optimizer.step()
    print(f"{epoch} loss {loss.item():.2f} recon {recon.item():.2f} kl {kl.item():.3f}")
model.eval()
with torch.no_grad():
    sample = torch.sigmoid(model.dec(model.expand(torch.randn(2, 4)).view(-1, 16, 4, 4)))
