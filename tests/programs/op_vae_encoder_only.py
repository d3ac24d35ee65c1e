import torch
import torch.nn as nn
import torch.nn.functional as F


class Encoder(nn.Module):
    def __init__(self, n_in, n_hidden, n_latent):
        super().__init__()
        self.fc = nn.Sequential(nn.Linear(n_in, n_hidden), nn.BatchNorm1d(n_hidden), nn.ReLU())
        self.mu = nn.Linear(n_hidden, n_latent)
        self.logvar = nn.Linear(n_hidden, n_latent)

    def forward(self, x):
        h = self.fc(x)
        return self.mu(h), self.logvar(h)


class Decoder(nn.Module):
    def __init__(self, n_latent, n_hidden, n_out):
        super().__init__()
        self.fc = nn.Sequential(nn.Linear(n_latent, n_hidden), nn.ReLU(), nn.Linear(n_hidden, n_out))

    def forward(self, z):
        return self.fc(z)


class VAE(nn.Module):
    def __init__(self, genes=60, hidden=32, latent=6):
        super().__init__()
        self.encoder = Encoder(genes, hidden, latent)
        self.decoder = Decoder(latent, hidden, genes)

    def reparameterize(self, mu, logvar):
        return mu + torch.randn_like(mu) * torch.exp(0.5 * logvar)

    def forward(self, x):
        mu, logvar = self.encoder(x)
        z = self.reparameterize(mu, logvar)
        return self.decoder(z), mu, logvar


class Trainer:
    def __init__(self, batch_size=8):
        self.batch_size = batch_size
        self.vae = VAE()
        self.optimizer = self.configure_optimizers(self.vae)

    def configure_optimizers(self, vae):
        return torch.optim.Adam(vae.encoder.parameters(), lr=1e-3)

    def step(self, x):
        recon, mu, logvar = self.vae(x)
        kl = -0.5 * torch.mean(1 + logvar - mu.pow(2) - logvar.exp())
        loss = F.mse_loss(recon, x) + 0.1 * kl
        self.optimizer.zero_grad()
        loss.backward()
        self.optimizer.step()
        return loss.item()


def main():
    """True where the decoder stayed as it was"""
    trainer = Trainer()
    before = trainer.vae.decoder.fc[0].weight.clone()
    for _ in range(3):
        trainer.step(torch.randn(trainer.batch_size, 60))
    return torch.equal(before, trainer.vae.decoder.fc[0].weight)


if __name__ == "__main__":
    print(main())
