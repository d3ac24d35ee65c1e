import torch
from torch import nn
from torch.nn import functional as F


class ConvVAE(nn.Module):
    def __init__(self, in_channels=3, latent_dim=32, hidden_dims=None):
        super().__init__()
        self.latent_dim = latent_dim
        if hidden_dims is None:
            hidden_dims = [16, 32, 64, 128]
        modules = []
        c = in_channels
        for h_dim in hidden_dims:
            modules.append(nn.Sequential(nn.Conv2d(c, h_dim, 3, 2, 1), nn.BatchNorm2d(h_dim), nn.LeakyReLU()))
            c = h_dim
        self.encoder = nn.Sequential(*modules)
        # 64x64 instead of 32x32 -> 4*4
        self.fc_mu = nn.Linear(hidden_dims[-1] * 16, latent_dim)
        self.fc_var = nn.Linear(hidden_dims[-1] * 16, latent_dim)
        self.decoder_input = nn.Linear(latent_dim, hidden_dims[-1] * 16)

        hidden_dims = hidden_dims[::-1]
        modules = []
        for i in range(len(hidden_dims) - 1):
            modules.append(nn.Sequential(
                nn.ConvTranspose2d(hidden_dims[i], hidden_dims[i + 1], 3, stride=2, padding=1, output_padding=1),
                nn.BatchNorm2d(hidden_dims[i + 1]),
                nn.LeakyReLU()))
        self.decoder = nn.Sequential(*modules)
        self.final_layer = nn.Sequential(
            nn.ConvTranspose2d(hidden_dims[-1], hidden_dims[-1], 3, stride=2, padding=1, output_padding=1),
            nn.BatchNorm2d(hidden_dims[-1]),
            nn.LeakyReLU(),
            nn.Conv2d(hidden_dims[-1], out_channels=3, kernel_size=3, padding=1),
            nn.Tanh())

    def encode(self, x):
        result = torch.flatten(self.encoder(x), start_dim=1)
        return self.fc_mu(result), self.fc_var(result)

    def decode(self, z):
        result = self.decoder_input(z)
        result = result.view(-1, 128, 2, 2)
        return self.final_layer(self.decoder(result))

    def forward(self, x):
        mu, log_var = self.encode(x)
        std = torch.exp(0.5 * log_var)
        z = mu + torch.randn_like(std) * std
        return self.decode(z), x, mu, log_var


def loss_function(recons, x, mu, log_var, kld_weight=0.005):
    recons_loss = F.mse_loss(recons, x)
    kld = torch.mean(-0.5 * torch.sum(1 + log_var - mu ** 2 - log_var.exp(), dim=1), dim=0)
    return recons_loss + kld_weight * kld


def main():
    net = ConvVAE()
    opt = torch.optim.Adam(net.parameters(), 5e-3)
    batch = torch.rand(4, 3, 64, 64)
    loss = loss_function(*net(batch))
    opt.zero_grad()
    loss.backward()
    opt.step()


if __name__ == "__main__":
    main()
