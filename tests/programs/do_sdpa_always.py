import torch
import torch.nn.functional as F
from torch import nn


class MHA(nn.Module):
    def __init__(self, d_model=16, nhead=4, dropout=0.1):
        super().__init__()
        self.nhead = nhead
        self.dropout = dropout
        self.qkv = nn.Linear(d_model, 3 * d_model)
        self.proj = nn.Linear(d_model, d_model)

    def forward(self, x):
        b, t, c = x.shape
        q, k, v = self.qkv(x).view(b, t, 3, self.nhead, c // self.nhead).permute(2, 0, 3, 1, 4)
        out = F.scaled_dot_product_attention(
            q, k, v, dropout_p=self.dropout,
        )
        return self.proj(out.transpose(1, 2).reshape(b, t, c))
