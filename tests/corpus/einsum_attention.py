import torch
from torch import nn


class Attention(nn.Module):
    def __init__(self, dim=24, heads=3):
        super().__init__()
        self.heads = heads
        self.to_qkv = nn.Linear(dim, dim * 3)
        self.to_out = nn.Linear(dim, dim)

    def forward(self, x):
        b, n, d = x.shape
        q, k, v = self.to_qkv(x).reshape(b, n, 3, self.heads, d // self.heads).unbind(2)
        attn = torch.einsum("bihd,bjhd->bhij", q, k).softmax(-1)
        return self.to_out(torch.einsum("bhij,bjhd->bihd", attn, v).reshape(b, n, d))
