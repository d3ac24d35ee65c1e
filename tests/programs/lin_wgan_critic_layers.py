import torch
import torch.nn as nn


class ResDown(nn.Module):
    def __init__(self, i, o):
        super().__init__()
        self.main = nn.Sequential(
            nn.LeakyReLU(0.2), nn.Conv2d(i, o, 3, padding=1), nn.LeakyReLU(0.2), nn.Conv2d(o, o, 3, padding=1), nn.AvgPool2d(2)
        )
        self.side = nn.Sequential(nn.AvgPool2d(2), nn.Conv2d(i, o, 1))

    def forward(self, x):
        return self.main(x) + self.side(x)


class Critic(nn.Module):
    def __init__(self, base=16, top=256):
        super().__init__()
        width = base
        layers = [nn.Conv2d(3, width, 3, padding=1)]
        for i in range(5):
            out = min(width * 2, top)
            layers.append(ResDown(width, out))
            width = out
        self.features = nn.Sequential(*layers)
        self.score = nn.Linear(width * 4 * 4, 1)

    def forward(self, x):
        h = self.features(x)
        return self.score(h.view(h.shape[0], -1))


def gradient_penalty(critic, real, fake):
    eps = torch.rand(real.size(0), 1, 1, 1)
    mixed = (eps * real + (1 - eps) * fake).requires_grad_(True)
    grad = torch.autograd.grad(critic(mixed).sum(), mixed, create_graph=True)[0]
    return ((grad.flatten(1).norm(2, dim=1) - 1) ** 2).mean()


if __name__ == "__main__":
    c = Critic()
    real, fake = torch.rand(4, 3, 64, 64), torch.rand(4, 3, 64, 64)
    (c(fake).mean() - c(real).mean() + 10 * gradient_penalty(c, real, fake)).backward()
