import torch
import torch.nn as nn


class Generator(nn.Module):
    def __init__(self, latent=100, base=64):
        super().__init__()
        self.project = nn.Linear(latent, base * 8 * 4 * 4)
        self.net = nn.Sequential(
            nn.BatchNorm2d(base * 4),
            nn.ConvTranspose2d(base * 4, base * 2, 4, 2, 1),
            nn.BatchNorm2d(base * 2),
            nn.ReLU(True),
            nn.ConvTranspose2d(base * 2, 3, 4, 2, 1),
            nn.Tanh(),
        )

    def forward(self, z):
        h = self.project(z)
        h = h.view(z.size(0), 256, 4, 4)
        return self.net(h)


if __name__ == "__main__":
    g = Generator()
    noise = torch.randn(16, 100)
    print(g(noise).shape)
