import torch
import torch.nn as nn
import torch.nn.functional as F


class PoolingAttention(nn.Module):
    """A learned query that reads a set of items."""

    def __init__(self, dim=32, heads=2):
        super().__init__()
        self.heads = heads
        self.query = nn.Parameter(torch.randn(1, 1, dim) * 0.02)
        self.kv = nn.Linear(dim, 2 * dim)
        self.out = nn.Linear(dim, dim)

    def split(self, x):
        return x.unflatten(-1, (self.heads, -1)).transpose(1, 2)

    def forward(self, items, is_pad):
        k, v = self.kv(items).chunk(2, -1)
        q = self.query.expand(items.size(0), -1, -1)
        mask = is_pad[:, None, None, :]
        y = F.scaled_dot_product_attention(self.split(q), self.split(k), self.split(v), attn_mask=mask)
        return self.out(y.transpose(1, 2).flatten(2)).squeeze(1)


class BasketModel(nn.Module):
    def __init__(self, products=90):
        super().__init__()
        self.emb = nn.Embedding(products, 32, padding_idx=0)
        self.pool = PoolingAttention()
        self.score = nn.Linear(32, products)

    def forward(self, basket):
        return self.score(self.pool(self.emb(basket), basket == 0))


def main():
    net = BasketModel()
    opt = torch.optim.Adam(net.parameters(), lr=1e-3)
    for _ in range(4):
        basket = torch.randint(1, 90, (16, 12))
        fill = torch.randint(3, 11, (16, 1))
        basket[torch.arange(12) >= fill] = 0
        nxt = basket[:, 0]
        loss = F.cross_entropy(net(basket), nxt)
        opt.zero_grad()
        loss.backward()
        opt.step()


if __name__ == "__main__":
    main()
