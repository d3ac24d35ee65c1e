import torch
import torch.nn as nn


class CharGPT(nn.Module):
    def __init__(self, vocab=65, d_model=32, nhead=4, layers=2, max_len=64):
        super().__init__()
        self.tok = nn.Embedding(vocab, d_model)
        self.pos = nn.Embedding(max_len, d_model)
        layer = nn.TransformerEncoderLayer(d_model, nhead, 64, batch_first=True)
        self.blocks = nn.TransformerEncoder(layer, layers)
        self.head = nn.Linear(d_model, vocab)

    def forward(self, x):
        h = self.tok(x) + self.pos(torch.arange(x.size(1)))
        mask = nn.Transformer.generate_square_subsequent_mask(x.size(0))
        h = self.blocks(h, mask=mask)
        return self.head(h)
