import torch
import torch.nn as nn


class Patches(nn.Module):
    def __init__(self, p=4, d=10):
        super().__init__()
        self.p = p
        self.embed = nn.Linear(3 * p * p, d)
        self.norm = nn.LayerNorm(d)

    def forward(self, x):
        n, c, h, w = x.shape
        p = self.p
        x = x.view(n, c, h // p, p, w // p, p).permute(0, 2, 4, 1, 3, 5)
        x = x.reshape(n, (h // p) * (w // p), c * p * p)
        return self.norm(self.embed(x)).mean(1)
