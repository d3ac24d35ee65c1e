import torch
from torch import nn


class MaskedEncoder(nn.Module):
    def __init__(self, vocab=100, dim=24, heads=4):
        super().__init__()
        self.embed = nn.Embedding(vocab, dim, padding_idx=0)
        self.attn = nn.MultiheadAttention(dim, heads)
        self.norm = nn.LayerNorm(dim)

    def forward(self, ids):
        # ids (batch, length)
        pad = ids == 0
        x = self.embed(ids)
        y, _ = self.attn(x, x, x, key_padding_mask=pad)
        return self.norm(x + y)
