import torch
from torch import nn


class CrossBlock(nn.Module):
    def __init__(self, dim=32, context=48, heads=4):
        super().__init__()
        self.norm = nn.LayerNorm(dim)
        self.attn = nn.MultiheadAttention(dim, heads, batch_first=True)

    def forward(self, x, ctx):
        y, _ = self.attn(self.norm(x), ctx, ctx)
        return x + y
