import torch
import torch.nn as nn


class MultiViewDecoder(nn.Module):
    """One latent gives four views; they are decoded as a larger batch and folded back."""

    def __init__(self, latent=40, views=4, c=8):
        super().__init__()
        self.views, self.c = views, c
        self.fc = nn.Linear(latent, views * c * 4 * 4)
        self.up = nn.Sequential(
            nn.ConvTranspose2d(c, c, 4, 2, 1), nn.ReLU(), nn.ConvTranspose2d(c, 3, 4, 2, 1), nn.Sigmoid()
        )

    def forward(self, z):
        x = self.fc(z).view(-1, self.c, 4, 4)
        x = self.up(x)
        return x.view(z.size(0), self.views, 3, 16, 16)


def main():
    net = MultiViewDecoder()
    out = net(torch.randn(3, 40))
    ((out - torch.rand_like(out)) ** 2).mean().backward()


if __name__ == "__main__":
    main()
