import torch
import torch.nn as nn


def init_weights(m):
    if isinstance(m, (nn.Conv2d, nn.Linear)):
        nn.init.normal_(m.weight, 0.0, 0.02)
        if m.bias is not None:
            nn.init.zeros_(m.bias)
    elif isinstance(m, nn.InstanceNorm2d) and m.weight is not None:
        nn.init.normal_(m.weight, 1.0, 0.02)


class Critic(nn.Module):
    def __init__(self, ch=1, nf=16):
        super().__init__()

        def down(i, o, norm=True):
            layers = [nn.Conv2d(i, o, 4, 2, 1, bias=not norm)]
            if norm:
                layers.append(nn.InstanceNorm2d(o, affine=True))
            return layers + [nn.LeakyReLU(0.2)]

        self.net = nn.Sequential(*down(ch, nf, False), *down(nf, nf * 2), *down(nf * 2, nf * 4), nn.Conv2d(nf * 4, 1, 4))

    def forward(self, img):
        return self.net(img).view(-1)


def gradient_penalty(critic, real, fake):
    eps = torch.rand(real.size(0), 1, 1, 1)
    mix = (eps * real + (1 - eps) * fake).requires_grad_(True)
    grad = torch.autograd.grad(critic(mix).sum(), mix, create_graph=True)[0]
    return ((grad.flatten(1).norm(2, dim=1) - 1) ** 2).mean()


def setup():
    critic = Critic()
    critic.apply(init_weights())
    opt = torch.optim.RMSprop(critic.parameters(), lr=5e-5)
    real, fake = torch.rand(4, 1, 32, 32), torch.rand(4, 1, 32, 32)
    loss = critic(fake).mean() - critic(real).mean() + 10 * gradient_penalty(critic, real, fake)
    opt.zero_grad()
    loss.backward()
    opt.step()


if __name__ == "__main__":
    setup()
