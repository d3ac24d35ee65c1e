import torch
import torch.nn as nn


class Tokens(nn.Module):
    """(B, C, H, W) to tokens and back, all three ways that are right."""

    def __init__(self, c=6):
        super().__init__()
        self.a, self.b, self.c = nn.Linear(c, c), nn.Linear(c, c), nn.Linear(c, c)

    def forward(self, x):
        b, c, h, w = x.shape
        t = self.a(x.flatten(2).transpose(1, 2))
        x = x + t.transpose(1, 2).reshape(b, c, h, w)
        t = self.b(x.permute(0, 2, 3, 1).reshape(b, h * w, c))
        x = x + t.view(b, h, w, c).permute(0, 3, 1, 2)
        t = self.c(x.reshape(b, c, h * w).permute(2, 0, 1))
        return x + t.permute(1, 2, 0).view(b, c, h, w)


if __name__ == "__main__":
    print(Tokens()(torch.rand(2, 6, 8, 10)).shape)
