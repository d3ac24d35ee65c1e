import torch
from torch import nn


class Cross(nn.Module):
    def __init__(self, dim=32, text=20):
        super().__init__()
        self.attn = nn.MultiheadAttention(dim, 4, kdim=text, vdim=text, batch_first=True)
        self.gate = nn.Parameter(torch.zeros(1))
        self.norm = nn.LayerNorm(dim)

    def forward(self, image, tokens, mask):
        y, _ = self.attn(self.norm(image), tokens, tokens, key_padding_mask=mask == 0)
        return image + torch.tanh(self.gate) * y
