import torch
from torch import nn


class Inpainter(nn.Module):
    def __init__(self, in_ch=3, width=16):
        super().__init__()
        self.enc = nn.Sequential(nn.Conv2d(in_ch, width, 5, 2, 2), nn.ELU(), nn.Conv2d(width, width * 2, 3, 2, 1), nn.ELU())
        self.dec = nn.Sequential(nn.ConvTranspose2d(width * 2, width, 4, 2, 1), nn.ELU(), nn.ConvTranspose2d(width, 3, 4, 2, 1))

    def forward(self, img, mask):
        x = torch.cat([img * (1 - mask), mask], dim=1)
        return torch.tanh(self.dec(self.enc(x)))


if __name__ == "__main__":
    print(Inpainter()(torch.rand(2, 3, 64, 64), torch.zeros(2, 1, 64, 64)).shape)
