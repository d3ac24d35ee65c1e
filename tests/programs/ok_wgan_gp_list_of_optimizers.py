import torch
from torch import nn, autograd

Z = 32


class Generator(nn.Module):
    def __init__(self):
        super().__init__()

        def block(i, o, normalize=True):
            layers = [nn.Linear(i, o)]
            if normalize:
                layers.append(nn.BatchNorm1d(o, 0.8))
            layers.append(nn.LeakyReLU(0.2, inplace=True))
            return layers

        self.model = nn.Sequential(*block(Z, 64, normalize=False), *block(64, 128), nn.Linear(128, 784), nn.Tanh())

    def forward(self, z):
        return self.model(z).view(z.shape[0], 1, 28, 28)


class Critic(nn.Module):
    def __init__(self):
        super().__init__()
        self.model = nn.Sequential(nn.Linear(784, 128), nn.LeakyReLU(0.2, inplace=True), nn.Linear(128, 64),
                                   nn.LeakyReLU(0.2, inplace=True), nn.Linear(64, 1))

    def forward(self, img):
        return self.model(img.view(img.shape[0], -1))


def gradient_penalty(D, real, fake):
    alpha = torch.rand(real.size(0), 1, 1, 1)
    mixed = (alpha * real + (1 - alpha) * fake).requires_grad_(True)
    out = D(mixed)
    grad = autograd.grad(out, mixed, torch.ones_like(out), create_graph=True, retain_graph=True)[0]
    return ((grad.flatten(1).norm(2, dim=1) - 1) ** 2).mean()


def main(n_critic=2, lambda_gp=10):
    G, D = Generator(), Critic()
    opts = {"g": torch.optim.Adam(G.parameters(), 2e-4, (0.5, 0.9)), "d": torch.optim.Adam(D.parameters(), 2e-4, (0.5, 0.9))}
    for i in range(4):
        imgs = torch.rand(6, 1, 28, 28) * 2 - 1
        opts["d"].zero_grad()
        fake = G(torch.randn(6, Z))
        d_loss = -D(imgs).mean() + D(fake.detach()).mean() + lambda_gp * gradient_penalty(D, imgs, fake.detach())
        d_loss.backward()
        opts["d"].step()
        if i % n_critic == 0:
            opts["g"].zero_grad()
            g_loss = -D(G(torch.randn(6, Z))).mean()
            g_loss.backward()
            opts["g"].step()


if __name__ == "__main__":
    main()
