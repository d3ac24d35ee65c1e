import torch
import torch.nn as nn


class IntentGRU(nn.Module):
    # Why is the classifier 2 * hidden wide although the GRU has two layers AND two directions?
    def __init__(self, vocab=300, emb=20, hidden=24, intents=7):
        super().__init__()
        self.emb = nn.Embedding(vocab, emb)
        self.gru = nn.GRU(emb, hidden, num_layers=2, bidirectional=True, dropout=0.2)
        self.cls = nn.Linear(2 * hidden, intents)

    def forward(self, tokens):
        # tokens: (length, batch)
        _, h = self.gru(self.emb(tokens))
        last = h.view(2, 2, tokens.size(1), -1)[-1]
        return self.cls(torch.cat([last[0], last[1]], dim=1))
