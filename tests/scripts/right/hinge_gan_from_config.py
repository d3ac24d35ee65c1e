# A hinge GAN whose parts come from a nested configuration.
from types import SimpleNamespace as Config

import torch
from torch import nn

config = Config(
    noise=8, batch=16, steps=8,
    generator=Config(lr=1e-4, width=16), discriminator=Config(lr=4e-4, width=16, updates=2),
)  # fmt: skip


class Generator(nn.Module):
    def __init__(self, noise, width):
        super().__init__()
        self.start = nn.Linear(noise, width * 16)
        self.layers = nn.Sequential(
            nn.Unflatten(1, (width, 4, 4)), nn.BatchNorm2d(width), nn.ReLU(),
            nn.ConvTranspose2d(width, width // 2, 4, 2, 1), nn.BatchNorm2d(width // 2), nn.ReLU(),
            nn.ConvTranspose2d(width // 2, 1, 4, 2, 1), nn.Tanh(),
        )  # fmt: skip

    def forward(self, z):
        return self.layers(self.start(z))


def discriminator(width):
    norm = nn.utils.parametrizations.spectral_norm
    return nn.Sequential(
        norm(nn.Conv2d(1, width, 4, 2, 1)), nn.LeakyReLU(0.1),
        norm(nn.Conv2d(width, 2 * width, 4, 2, 1)), nn.LeakyReLU(0.1),
        nn.Flatten(), norm(nn.Linear(2 * width * 16, 1)),
    )  # fmt: skip


class Game:
    def __init__(self, config):
        self.config = config
        self.g = Generator(config.noise, config.generator.width)
        self.d = discriminator(config.discriminator.width)
        self.og = torch.optim.Adam(self.g.parameters(), lr=config.generator.lr, betas=(0.0, 0.9))
        self.od = torch.optim.Adam(self.d.parameters(), lr=config.discriminator.lr, betas=(0.0, 0.9))

    def fakes(self):
        return self.g(torch.randn(self.config.batch, self.config.noise))

    def update_discriminator(self, real):
        with torch.no_grad():
            fake = self.fakes()
        loss = torch.relu(1 - self.d(real)).mean() + torch.relu(1 + self.d(fake)).mean()
        self.od.zero_grad()
        loss.backward()
        self.od.step()
        return loss.item()

    def update_generator(self):
        loss = -self.d(self.fakes()).mean()
        self.og.zero_grad()
        loss.backward()
        self.og.step()
        return loss.item()


torch.manual_seed(0)
game = Game(config)
for _ in range(config.steps):
    for _ in range(config.discriminator.updates):
        d = game.update_discriminator(torch.rand(config.batch, 1, 16, 16) * 2 - 1)
    g = game.update_generator()
print(d, g)
