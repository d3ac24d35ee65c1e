import math

import torch
import torch.nn as nn


class ProbAttentionLayer(nn.Module):
    def __init__(self, d_model=16, n_heads=4):
        super().__init__()
        self.n_heads = n_heads
        self.query_projection = nn.Linear(d_model, d_model)
        self.key_projection = nn.Linear(d_model, d_model)
        self.value_projection = nn.Linear(d_model, d_model)
        self.out_projection = nn.Linear(d_model, d_model)

    def forward(self, x):
        B, L, _ = x.shape
        H = self.n_heads
        queries = self.query_projection(x).view(B, H, L, -1)
        keys = self.key_projection(x).view(B, L, H, -1).transpose(1, 2)
        values = self.value_projection(x).view(B, L, H, -1).transpose(1, 2)
        scores = torch.matmul(queries, keys.transpose(-2, -1)) / math.sqrt(queries.size(-1))
        out = torch.matmul(torch.softmax(scores, dim=-1), values)
        out = out.transpose(1, 2).contiguous().view(B, L, -1)
        return self.out_projection(out)
