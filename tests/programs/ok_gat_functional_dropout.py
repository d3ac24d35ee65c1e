import torch
import torch.nn as nn
import torch.nn.functional as F


class GraphAttention(nn.Module):
    def __init__(self, f_in=8, f_out=4, dropout=0.6):
        super().__init__()
        self.dropout = dropout
        self.W = nn.Parameter(torch.randn(f_in, f_out) * 0.1)
        self.a = nn.Parameter(torch.randn(2 * f_out, 1) * 0.1)

    def forward(self, h, adj):
        h = F.dropout(h, self.dropout, training=self.training)
        Wh = h @ self.W
        f = Wh.size(1)
        e = F.leaky_relu(Wh @ self.a[:f] + (Wh @ self.a[f:]).T, 0.2)
        e = torch.where(adj > 0, e, torch.full_like(e, -9e15))
        attention = F.softmax(e, dim=1)
        attention = F.dropout(attention, self.dropout, training=self.training)
        return F.elu(attention @ Wh)
