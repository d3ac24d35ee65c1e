import torch
import torch.nn as nn


class CharRNN(nn.Module):
    def __init__(self, tokens=83, n_hidden=64, n_layers=2):
        super().__init__()
        self.encoder = nn.Embedding(tokens, 50)
        self.lstm = nn.LSTM(tokens, n_hidden, n_layers, batch_first=True)
        self.fc = nn.Linear(n_hidden, tokens)

    def forward(self, x, hidden=None):
        r_output, hidden = self.lstm(self.encoder(x), hidden)
        out = r_output.contiguous().view(-1, 64)
        return self.fc(out), hidden
