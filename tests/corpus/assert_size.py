import torch
from torch import nn


class Strict(nn.Module):
    def __init__(self, image_size=48):
        super().__init__()
        self.image_size = image_size
        self.proj = nn.Conv2d(3, 8, 8, 8)
        self.head = nn.Linear(8, 2)

    def forward(self, x):
        n, c, h, w = x.shape
        torch._assert(h == self.image_size, f"Wrong image height! Expected {self.image_size} but got {h}!")
        torch._assert(w == self.image_size, f"Wrong image width! Expected {self.image_size} but got {w}!")
        return self.head(self.proj(x).mean((2, 3)))
