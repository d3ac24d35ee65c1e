import torch
from torch import nn


class AEALBlock(nn.Module):
    """Axis-wise attention: half of the channels attend in horizontal strips, half in vertical ones."""

    def __init__(self, d_model=16, nhead=2, dim_feedforward=32, width=4):
        super().__init__()
        self.width = width
        self.row_attn = nn.MultiheadAttention(d_model // 2, nhead)
        self.col_attn = nn.MultiheadAttention(d_model // 2, nhead)
        self.linear1 = nn.Linear(d_model, dim_feedforward)
        self.linear2 = nn.Linear(dim_feedforward, d_model)
        self.norm1 = nn.LayerNorm(d_model)
        self.norm2 = nn.LayerNorm(d_model)
        self.activation = nn.GELU()

    def rows(self, x):
        b, c, h, w = x.shape
        s = self.width
        # b c (h1 h2) w -> (b h1) (h2 w) c
        y = x.view(b, c, h // s, s, w).permute(0, 2, 3, 4, 1).reshape(b * h // s, s * w, c)
        y = self.row_attn(y, y, y)[0]
        return y.reshape(b, h // s, s, w, c).permute(0, 4, 1, 2, 3).reshape(b, c, h, w)

    def cols(self, x):
        x = x.transpose(2, 3)
        b, c, w, h = x.shape
        s = self.width
        y = x.reshape(b, c, w // s, s, h).permute(0, 2, 3, 4, 1).reshape(b * w // s, s * h, c)
        y = self.col_attn(y, y, y)[0]
        return y.reshape(b, w // s, s, h, c).permute(0, 4, 1, 2, 3).reshape(b, c, w, h).transpose(2, 3)

    def forward(self, src):
        c = src.shape[1]
        both = torch.cat([self.rows(src[:, : c // 2]), self.cols(src[:, c // 2 :])], dim=1)
        x = self.norm1((src + both).permute(0, 2, 3, 1))
        x = self.norm2(x + self.linear2(self.activation(self.linear1(x))))
        return x.permute(0, 3, 1, 2)
