import torch
import torch.nn as nn


class Seq2SeqT(nn.Module):
    def __init__(self, sv=30, tv=35, d=16):
        super().__init__()
        self.s, self.t = nn.Embedding(sv, d), nn.Embedding(tv, d)
        self.net = nn.Transformer(d, 4, 1, 1, 32)
        self.gen = nn.Linear(d, tv)

    def forward(self, src, tgt):
        """src: (S, N), tgt: (T, N)"""
        causal = torch.triu(torch.ones(tgt.size(0), tgt.size(0)), 1).bool()
        pad = (src == 0).transpose(0, 1)
        out = self.net(self.s(src), self.t(tgt), tgt_mask=causal, src_key_padding_mask=pad, memory_key_padding_mask=pad)
        return self.gen(out)
