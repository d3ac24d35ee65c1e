import torch
from torch import nn

columns = ["education", "relationship", "workclass"]
column_idx = {c: i for i, c in enumerate(columns)}
embed_input = [("education", 6, 16), ("relationship", 5, 16), ("workclass", 7, 16)]


class FullEmbeddingDropout(nn.Module):
    def __init__(self, dropout: float):
        super().__init__()
        self.dropout = dropout

    def forward(self, X):
        mask = X.new_empty((X.size(1), 1)).bernoulli_(1 - self.dropout).expand_as(X) / (1 - self.dropout)
        return mask * X

    def extra_repr(self):
        return f"dropout={self.dropout}"


class SharedEmbeddings(nn.Module):
    def __init__(self, n_embed, embed_dim, frac_shared_embed=0.25):
        super().__init__()
        self.embed = nn.Embedding(n_embed, embed_dim, padding_idx=0)
        self.shared_embed = nn.Parameter(torch.empty(1, int(embed_dim * frac_shared_embed)).uniform_(-1, 1))

    def forward(self, X):
        out = self.embed(X)
        shared = self.shared_embed.expand(out.shape[0], -1)
        return torch.cat([shared, out[:, shared.shape[1]:]], dim=1)


class TabModel(nn.Module):
    def __init__(self, full_embed_dropout=True, dropout=0.1, hidden=32):
        super().__init__()
        self.embed_layers = nn.ModuleDict({"emb_layer_" + col: SharedEmbeddings(val + 1, dim) for col, val, dim in embed_input})
        self.embedding_dropout = FullEmbeddingDropout(dropout) if full_embed_dropout else nn.Dropout(dropout)
        self.attn = nn.MultiheadAttention(16, 2, batch_first=True)
        self.norm = nn.LayerNorm(16)
        self.mlp = nn.Sequential(nn.Linear(16 * len(columns), hidden), nn.ReLU(inplace=True), nn.Linear(hidden, 1))

    def forward(self, X):
        embed = [self.embed_layers["emb_layer_" + col](X[:, column_idx[col]]).unsqueeze(1) for col, _, _ in embed_input]
        x = self.embedding_dropout(torch.cat(embed, 1))
        a, _ = self.attn(x, x, x)
        x = self.norm(x + a)
        return self.mlp(x.flatten(1))


if __name__ == "__main__":
    m = TabModel().eval()
    X = torch.randint(0, 5, (8, 3))
    print((m(X) - m(X)).abs().max())
