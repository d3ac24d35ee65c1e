import torch
from torch import nn


class SentimentGRU(nn.Module):
    def __init__(self, vocab_size=500, emb_dim=32, hidden_dim=20, n_layers=2, n_classes=3):
        super().__init__()
        self.n_layers = n_layers
        self.hidden_dim = hidden_dim
        self.emb = nn.Embedding(vocab_size, emb_dim)
        self.gru = nn.GRU(emb_dim, hidden_dim, n_layers, batch_first=True, bidirectional=True)
        self.fc = nn.Linear(hidden_dim * 2, n_classes)

    def init_state(self, batch):
        h = torch.zeros(self.n_layers, batch, self.hidden_dim)
        return h

    def forward(self, tokens):
        state = self.init_state(tokens.shape[0])
        emb = self.emb(tokens)
        out, state = self.gru(emb, state)
        return self.fc(out[:, -1, :])
