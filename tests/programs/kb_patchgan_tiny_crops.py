import functools

import torch
import torch.nn as nn

crop = 16


class NLayerD(nn.Module):
    """Defines a PatchGAN discriminator"""

    def __init__(self, input_nc=3, ndf=16, n_layers=3, norm_layer=nn.InstanceNorm2d):
        super().__init__()
        if type(norm_layer) == functools.partial:
            use_bias = norm_layer.func == nn.InstanceNorm2d
        else:
            use_bias = norm_layer == nn.InstanceNorm2d
        kw = 4
        sequence = [nn.Conv2d(input_nc, ndf, kernel_size=kw, stride=2, padding=1), nn.LeakyReLU(0.2, True)]
        mult = 1
        for n in range(1, n_layers):
            prev, mult = mult, min(2 ** n, 8)
            sequence += [
                nn.Conv2d(ndf * prev, ndf * mult, kernel_size=kw, stride=2, padding=1, bias=use_bias),
                norm_layer(ndf * mult),
                nn.LeakyReLU(0.2, True),
            ]
        prev, mult = mult, min(2 ** n_layers, 8)
        sequence += [
            nn.Conv2d(ndf * prev, ndf * mult, kernel_size=kw, stride=1, padding=1, bias=False),
            nn.LeakyReLU(0.2, True),
        ]
        sequence += [nn.Conv2d(ndf * mult, 1, kernel_size=kw, stride=1, padding=1)]
        self.model = nn.Sequential(*sequence)

    def forward(self, input):
        return self.model(input)


def random_crops(image, n=2):
    out = []
    for _ in range(n):
        y, x = torch.randint(0, image.shape[1] - crop, (2,)).tolist()
        out.append(image[:, y:y + crop, x:x + crop])
    return torch.stack(out)


def main():
    d = NLayerD()
    pred = d(random_crops(torch.rand(3, 64, 64)))
    nn.MSELoss()(pred, torch.ones_like(pred)).backward()


if __name__ == "__main__":
    main()
