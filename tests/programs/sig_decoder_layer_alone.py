import torch
import torch.nn as nn


class ChordGPT(nn.Module):
    """Decoder-only model over chord symbols."""

    def __init__(self, n_chords=90, dim=32, heads=4, depth=3, max_len=64):
        super().__init__()
        self.tok = nn.Embedding(n_chords, dim)
        self.pos = nn.Embedding(max_len, dim)
        self.blocks = nn.ModuleList(
            [nn.TransformerDecoderLayer(dim, heads, dim * 4, dropout=0.1, batch_first=True) for _ in range(depth)]
        )
        self.ln = nn.LayerNorm(dim)
        self.head = nn.Linear(dim, n_chords, bias=False)

    def forward(self, idx):
        t = idx.shape[1]
        x = self.tok(idx) + self.pos(torch.arange(t, device=idx.device))
        mask = torch.triu(torch.ones(t, t, dtype=torch.bool, device=idx.device), diagonal=1)
        for block in self.blocks:
            x = block(x, mask)
        return self.head(self.ln(x))
