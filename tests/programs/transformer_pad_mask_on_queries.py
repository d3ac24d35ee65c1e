import math

import torch
from torch import nn

PAD = 0


class ScaleDotProductAttention(nn.Module):
    def forward(self, q, k, v, mask=None):
        score = q @ k.transpose(2, 3) / math.sqrt(k.size(-1))
        if mask is not None:
            score = score.masked_fill(mask == 0, float("-inf"))
        return torch.softmax(score, dim=-1) @ v


class Block(nn.Module):
    def __init__(self, d_model, n_head, ffn):
        super().__init__()
        self.n_head = n_head
        self.w_q, self.w_k = nn.Linear(d_model, d_model), nn.Linear(d_model, d_model)
        self.w_v, self.w_o = nn.Linear(d_model, d_model), nn.Linear(d_model, d_model)
        self.attention = ScaleDotProductAttention()
        self.norm1, self.norm2 = nn.LayerNorm(d_model), nn.LayerNorm(d_model)
        self.ffn = nn.Sequential(nn.Linear(d_model, ffn), nn.GELU(), nn.Linear(ffn, d_model))

    def split(self, t):
        b, n, d = t.size()
        return t.view(b, n, self.n_head, d // self.n_head).transpose(1, 2)

    def forward(self, x, mask):
        a = self.attention(self.split(self.w_q(x)), self.split(self.w_k(x)), self.split(self.w_v(x)), mask)
        a = a.transpose(1, 2).reshape(x.size())
        x = self.norm1(x + self.w_o(a))
        return self.norm2(x + self.ffn(x))


class TextEncoder(nn.Module):
    def __init__(self, vocab=100, d_model=32, n_head=4, depth=2, max_len=64):
        super().__init__()
        self.tok = nn.Embedding(vocab, d_model, padding_idx=PAD)
        self.pos = nn.Parameter(torch.zeros(1, max_len, d_model))
        self.blocks = nn.ModuleList([Block(d_model, n_head, 64) for _ in range(depth)])

    def make_src_mask(self, src):
        return (src != PAD).unsqueeze(1).unsqueeze(3)

    def forward(self, src):
        mask = self.make_src_mask(src)
        x = self.tok(src) + self.pos[:, : src.size(1)]
        for block in self.blocks:
            x = block(x, mask)
        return x[:, 0]


def features():
    ids = torch.randint(1, 100, (4, 12))
    ids[1, 7:] = PAD
    ids[2, 4:] = PAD
    return TextEncoder()(ids)


if __name__ == "__main__":
    print(features())
