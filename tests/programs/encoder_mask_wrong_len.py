import math

import torch
import torch.nn as nn


class WordLM(nn.Module):
    def __init__(self, ntoken=70, d_model=16):
        super().__init__()
        self.d_model = d_model
        self.encoder = nn.Embedding(ntoken, d_model)
        self.blocks = nn.TransformerEncoder(nn.TransformerEncoderLayer(d_model, 2, 32), 2)
        self.decoder = nn.Linear(d_model, ntoken)

    def causal(self, n):
        return torch.triu(torch.full((n, n), float("-inf")), diagonal=1)

    def forward(self, src):
        # src: [seq_len, batch]
        mask = self.causal(src.size(1))
        x = self.encoder(src) * math.sqrt(self.d_model)
        return self.decoder(self.blocks(x, mask))
