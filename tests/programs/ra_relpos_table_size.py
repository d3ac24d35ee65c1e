import math

import torch
import torch.nn as nn


class RelativePosition(nn.Module):
    def __init__(self, num_units, max_relative_position):
        super().__init__()
        self.num_units = num_units
        self.max_relative_position = max_relative_position
        self.embeddings_table = nn.Embedding(max_relative_position * 2, num_units)

    def forward(self, length_q, length_k):
        range_q = torch.arange(length_q)
        range_k = torch.arange(length_k)
        distance = range_k[None, :] - range_q[:, None]
        distance = torch.clamp(distance, -self.max_relative_position, self.max_relative_position)
        final = distance + self.max_relative_position
        return self.embeddings_table(final)


class RelativeAttention(nn.Module):
    def __init__(self, hid_dim, n_heads, dropout, max_rel):
        super().__init__()
        assert hid_dim % n_heads == 0
        self.hid_dim = hid_dim
        self.n_heads = n_heads
        self.head_dim = hid_dim // n_heads
        self.relative_position_k = RelativePosition(self.head_dim, max_rel)
        self.fc_q = nn.Linear(hid_dim, hid_dim)
        self.fc_k = nn.Linear(hid_dim, hid_dim)
        self.fc_v = nn.Linear(hid_dim, hid_dim)
        self.fc_o = nn.Linear(hid_dim, hid_dim)
        self.dropout = nn.Dropout(dropout)

    def split(self, x):
        b, n, _ = x.shape
        return x.view(b, n, self.n_heads, self.head_dim).permute(0, 2, 1, 3)

    def forward(self, x):
        b, n, _ = x.shape
        q, k, v = self.split(self.fc_q(x)), self.split(self.fc_k(x)), self.split(self.fc_v(x))
        attn1 = torch.matmul(q, k.transpose(-1, -2))
        r_q = q.permute(2, 0, 1, 3).reshape(n, b * self.n_heads, self.head_dim)
        r_k = self.relative_position_k(n, n)
        attn2 = torch.matmul(r_q, r_k.transpose(1, 2)).transpose(0, 1)
        attn2 = attn2.contiguous().view(b, self.n_heads, n, n)
        attn = self.dropout(torch.softmax((attn1 + attn2) / math.sqrt(self.head_dim), dim=-1))
        x = torch.matmul(attn, v).permute(0, 2, 1, 3).reshape(b, n, self.hid_dim)
        return self.fc_o(x)


class MusicTransformerBlock(nn.Module):
    def __init__(self, d=32, heads=4, max_rel=12):
        super().__init__()
        self.att = RelativeAttention(d, heads, 0.1, max_rel)
        self.norm = nn.LayerNorm(d)

    def forward(self, x):
        return self.norm(x + self.att(x))


if __name__ == "__main__":
    MusicTransformerBlock()(torch.randn(2, 40, 32))
