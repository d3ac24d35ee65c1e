import torch
import torch.nn as nn


class EfficientAdditiveAttention(nn.Module):
    def __init__(self, in_dims=24, token_dim=16):
        super().__init__()
        self.to_query = nn.Linear(in_dims, token_dim)
        self.to_key = nn.Linear(in_dims, token_dim)
        self.w_g = nn.Parameter(torch.randn(token_dim, 1))
        self.scale_factor = token_dim ** -0.5
        self.proj = nn.Linear(token_dim, token_dim)
        self.final = nn.Linear(token_dim, in_dims)

    def forward(self, x):
        query = nn.functional.normalize(self.to_query(x), dim=-1)
        key = nn.functional.normalize(self.to_key(x), dim=-1)
        query_weight = query @ self.w_g                     # BxNx1
        A = torch.softmax(query_weight * self.scale_factor, dim=-1)
        G = torch.sum(A * query, dim=1, keepdim=True)       # Bx1xD
        return self.final(self.proj(G * key) + query)


if __name__ == "__main__":
    tokens = torch.randn(2, 49, 24)
    print(EfficientAdditiveAttention()(tokens).shape)
