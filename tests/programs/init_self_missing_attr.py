import torch
import torch.nn as nn


class Autoencoder(nn.Module):
    def __init__(self, n_features=30, latent_dim=4):
        super(Autoencoder, self).__init__()
        self.encoder = nn.Sequential(nn.Linear(n_features, 16), nn.ReLU(), nn.Linear(16, self.latent_dim))
        self.decoder = nn.Sequential(nn.Linear(latent_dim, 16), nn.ReLU(), nn.Linear(16, n_features))
        self.latent_dim = latent_dim

    def forward(self, x):
        return self.decoder(self.encoder(x))
