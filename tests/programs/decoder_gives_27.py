import torch
from torch import nn


class Encoder(nn.Module):
    def __init__(self, latent):
        super().__init__()
        self.net = nn.Sequential(
            nn.Conv2d(1, 16, 3, stride=2, padding=1), nn.GELU(),
            nn.Conv2d(16, 32, 3, stride=2, padding=1), nn.GELU(),
            nn.Flatten(), nn.Linear(32 * 7 * 7, latent),
        )

    def forward(self, x):
        return self.net(x)


class Decoder(nn.Module):
    def __init__(self, latent):
        super().__init__()
        self.lin = nn.Linear(latent, 32 * 7 * 7)
        self.up1 = nn.ConvTranspose2d(32, 16, 3, stride=2, padding=1, output_padding=1)
        self.up2 = nn.ConvTranspose2d(16, 1, 3, stride=2, padding=1)

    def forward(self, z):
        h = nn.functional.gelu(self.lin(z)).view(-1, 32, 7, 7)
        h = nn.functional.gelu(self.up1(h))
        return torch.sigmoid(self.up2(h))


class AutoEncoder(nn.Module):
    def __init__(self, latent=20):
        super().__init__()
        self.encoder = Encoder(latent)
        self.decoder = Decoder(latent)

    def forward(self, x):
        return self.decoder(self.encoder(x))


def main():
    ae = AutoEncoder()
    opt = torch.optim.Adam(ae.parameters(), lr=1e-3)
    for _ in range(3):
        digits = torch.rand(8, 1, 28, 28)
        loss = nn.functional.binary_cross_entropy(ae(digits), digits)
        opt.zero_grad()
        loss.backward()
        opt.step()


if __name__ == "__main__":
    main()
