import math
import torch
from torch import nn
import torch.nn.functional as F


class SelfAttention(nn.Module):
    def __init__(self, hidden, n_heads):
        super().__init__()
        self.n_heads = n_heads
        self.key_dim = hidden // n_heads
        self.value_dim = hidden // n_heads
        for name in ("fc_query", "fc_key", "fc_value"):
            setattr(self, name, nn.ModuleList([nn.Linear(hidden, self.key_dim) for _ in range(n_heads)]))
        self.fc_out = nn.Linear(n_heads * self.value_dim, hidden)

    def forward(self, x, mask=None):
        batch_size = x.shape[0]
        l = x.shape[1]
        heads = torch.zeros(self.n_heads, batch_size, l, self.value_dim, device=x.device)
        for i in range(self.n_heads):
            Q = self.fc_query[i](x)
            K = self.fc_key[i](x)
            V = self.fc_value[i](x)
            tmp = torch.bmm(Q, K.permute(0, 2, 1)) / math.sqrt(self.key_dim)
            tmp = F.softmax(tmp, dim=-1)
            heads[i] = torch.bmm(tmp, V)
        # concat heads
        x = heads.view(batch_size, l, -1)
        return self.fc_out(x)


class DepthwiseSeparableConv(nn.Module):
    def __init__(self, c, k):
        super().__init__()
        self.depthwise = nn.Conv1d(c, c, k, padding=k // 2, groups=c)
        self.pointwise = nn.Conv1d(c, c, 1)

    def forward(self, x):
        return F.relu(self.pointwise(self.depthwise(x.transpose(1, 2)))).transpose(1, 2)


class EncoderBlock(nn.Module):
    def __init__(self, hidden=32, n_heads=4, convs=2, k=7, p=0.1):
        super().__init__()
        self.convs = nn.ModuleList([DepthwiseSeparableConv(hidden, k) for _ in range(convs)])
        self.norms = nn.ModuleList([nn.LayerNorm(hidden) for _ in range(convs + 1)])
        self.attention = SelfAttention(hidden, n_heads)
        self.feed = nn.Linear(hidden, hidden)
        self.dropout = nn.Dropout(p)

    def forward(self, x):
        for norm, conv in zip(self.norms, self.convs):
            x = x + self.dropout(conv(norm(x)))
        x = x + self.dropout(self.attention(self.norms[-1](x)))
        return x + F.relu(self.feed(x))


if __name__ == "__main__":
    print(EncoderBlock()(torch.rand(2, 9, 32)).shape)
