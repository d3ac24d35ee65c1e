import torch
import torch.nn as nn


class PatchDiscriminator(nn.Module):
    def __init__(self, in_ch=6, ndf=16):
        super().__init__()
        self.model = nn.Sequential(
            nn.Conv2d(in_ch, ndf, 4, 2, 1),
            nn.LeakyReLU(0.2, True),
            nn.Conv2d(ndf, ndf * 2, 4, 2, 1, bias=False),
            nn.InstanceNorm2d(ndf * 2),
            nn.LeakyReLU(0.2, True),
            nn.Conv2d(ndf * 2, 1, 4, 1, 1),
        )

    def forward(self, source, target):
        scores = self.model(torch.cat((source, target), dim=1))
        return scores.reshape(scores.shape[0], -1).mean(dim=1, keepdim=True)


def step():
    net = PatchDiscriminator()
    a, b = torch.rand(4, 3, 64, 64), torch.rand(4, 3, 64, 64)
    out = net(a, b)
    return nn.BCEWithLogitsLoss()(out, torch.ones_like(out))
