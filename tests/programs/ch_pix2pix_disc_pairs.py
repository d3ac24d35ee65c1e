import torch
import torch.nn as nn

L1_LAMBDA = 100


class Down(nn.Sequential):
    def __init__(self, cin, cout, norm=True):
        layers = [nn.Conv2d(cin, cout, 4, 2, 1, bias=not norm)]
        if norm:
            layers.append(nn.InstanceNorm2d(cout, affine=True))
        layers.append(nn.LeakyReLU(0.2))
        super().__init__(*layers)


class Up(nn.Sequential):
    def __init__(self, cin, cout):
        super().__init__(nn.ConvTranspose2d(cin, cout, 4, 2, 1), nn.BatchNorm2d(cout), nn.ReLU())


class Generator(nn.Module):
    def __init__(self, in_channels=3, out_channels=3, f=8):
        super().__init__()
        self.d1 = Down(in_channels, f, norm=False)
        self.d2 = Down(f, f * 2)
        self.d3 = Down(f * 2, f * 4)
        self.u3 = Up(f * 4, f * 2)
        self.u2 = Up(f * 4, f)
        self.u1 = nn.Sequential(nn.ConvTranspose2d(f * 2, out_channels, 4, 2, 1), nn.Tanh())

    def forward(self, x):
        a = self.d1(x)
        b = self.d2(a)
        c = self.d3(b)
        y = self.u3(c)
        y = self.u2(torch.cat([y, b], 1))
        return self.u1(torch.cat([y, a], 1))


class Discriminator(nn.Module):
    def __init__(self, in_channels=3, f=8):
        super().__init__()
        self.net = nn.Sequential(
            Down(in_channels, f, norm=False),
            Down(f, f * 2),
            Down(f * 2, f * 4),
            nn.Conv2d(f * 4, 1, 4, 1, 1),
        )

    def forward(self, x, y):
        return self.net(torch.cat([x, y], dim=1))


def train_fn(steps=2):
    gen, disc = Generator(), Discriminator(in_channels=3)
    opt_g = torch.optim.Adam(gen.parameters(), lr=2e-4, betas=(0.5, 0.999))
    opt_d = torch.optim.Adam(disc.parameters(), lr=2e-4, betas=(0.5, 0.999))
    bce, l1 = nn.BCEWithLogitsLoss(), nn.L1Loss()
    for _ in range(steps):
        x, y = torch.rand(2, 3, 64, 64), torch.rand(2, 3, 64, 64)
        y_fake = gen(x)
        d_real = disc(x, y)
        d_fake = disc(x, y_fake.detach())
        d_loss = (bce(d_real, torch.ones_like(d_real)) + bce(d_fake, torch.zeros_like(d_fake))) / 2
        opt_d.zero_grad()
        d_loss.backward()
        opt_d.step()

        d_fake = disc(x, y_fake)
        g_loss = bce(d_fake, torch.ones_like(d_fake)) + L1_LAMBDA * l1(y_fake, y)
        opt_g.zero_grad()
        g_loss.backward()
        opt_g.step()
