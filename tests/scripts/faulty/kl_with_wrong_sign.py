# finds: divergence-sign
"""Variational autoencoder of 14x14 blobs."""

import torch
from torch import nn
from torch.nn import functional as F

torch.manual_seed(8)


class VAE(nn.Module):
    def __init__(self, z_dim=6):
        super().__init__()
        self.fc1 = nn.Linear(196, 64)
        self.fc_mu = nn.Linear(64, z_dim)
        self.fc_logvar = nn.Linear(64, z_dim)
        self.fc3 = nn.Linear(z_dim, 64)
        self.fc4 = nn.Linear(64, 196)

    def encode(self, x):
        h = F.relu(self.fc1(x))
        return self.fc_mu(h), self.fc_logvar(h)

    def reparameterize(self, mu, logvar):
        std = torch.exp(0.5 * logvar)
        return mu + torch.randn_like(std) * std

    def decode(self, z):
        return torch.sigmoid(self.fc4(F.relu(self.fc3(z))))

    def forward(self, x):
        mu, logvar = self.encode(x.view(-1, 196))
        return self.decode(self.reparameterize(mu, logvar)), mu, logvar


def loss_function(recon_x, x, mu, logvar):
    bce = F.binary_cross_entropy(recon_x, x.view(-1, 196), reduction="sum")
    kld = 0.5 * torch.sum(1 + logvar - mu.pow(2) - logvar.exp())  # here
    return bce + kld


def blobs(n):
    grid = torch.stack(torch.meshgrid(torch.linspace(-1, 1, 14), torch.linspace(-1, 1, 14), indexing="ij"))
    center = torch.rand(n, 2, 1, 1) - 0.5
    return torch.exp(-8 * ((grid - center) ** 2).sum(1, keepdim=True))


train_data = blobs(256)
model = VAE()
optimizer = torch.optim.Adam(model.parameters(), lr=1e-3)
for epoch in range(1, 5):
    model.train()
    train_loss = 0
    for data in train_data[torch.randperm(256)].split(32):
        optimizer.zero_grad()
        recon, mu, logvar = model(data)
        loss = loss_function(recon, data, mu, logvar)
        loss.backward()
        train_loss += loss.item()
        optimizer.step()
    print(f"====> Epoch: {epoch} Average loss: {train_loss / len(train_data):.4f}")
