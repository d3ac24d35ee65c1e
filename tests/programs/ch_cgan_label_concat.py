import argparse

import torch
import torch.nn as nn

parser = argparse.ArgumentParser()
parser.add_argument("--latent_dim", type=int, default=100)
parser.add_argument("--n_classes", type=int, default=10)
parser.add_argument("--img_size", type=int, default=32)
opt = parser.parse_args([])


def weights_init_normal(m):
    if m.__class__.__name__.startswith("Conv"):
        nn.init.normal_(m.weight, 0.0, 0.02)


def up(cin, cout, first=False):
    return nn.Sequential(
        nn.ConvTranspose2d(cin, cout, 4, 1 if first else 2, 0 if first else 1, bias=False),
        nn.BatchNorm2d(cout),
        nn.ReLU(True),
    )


class CondGenerator(nn.Module):
    def __init__(self, latent_dim=opt.latent_dim, n_classes=opt.n_classes, channels=1):
        super().__init__()
        self.label_emb = nn.Embedding(n_classes, n_classes)
        widths = [latent_dim, 64, 32, 16]
        self.blocks = nn.ModuleList()
        for i in range(len(widths) - 1):
            self.blocks.append(up(widths[i], widths[i + 1], first=(i == 0)))
        self.to_img = nn.Sequential(nn.ConvTranspose2d(widths[-1], channels, 4, 2, 1), nn.Tanh())

    def forward(self, noise, labels):
        gen_input = torch.cat((noise, self.label_emb(labels)), -1)
        x = gen_input[:, :, None, None]
        for block in self.blocks:
            x = block(x)
        return self.to_img(x)


def sample_image(generator, n_row=4):
    z = torch.randn(n_row ** 2, opt.latent_dim)
    labels = torch.arange(n_row ** 2) % opt.n_classes
    return generator(z, labels)


if __name__ == "__main__":
    g = CondGenerator()
    g.apply(weights_init_normal)
    print(sample_image(g).shape)
