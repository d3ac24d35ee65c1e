from torch import nn


class MF(nn.Module):
    def __init__(self, num_users=200, num_items=300, emb_size=16):
        super().__init__()
        self.user_emb = nn.Embedding(num_users, emb_size)
        self.item_emb = nn.Embedding(num_items, emb_size)

    def forward(self, u, v):
        return (self.user_emb(u) * self.item_emb(v)).sum(1)
