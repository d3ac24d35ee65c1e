import torch
import torch.nn as nn


class LuongDecoder(nn.Module):
    def __init__(self, vocab=40, hidden=16, layers=2):
        super().__init__()
        self.embedding = nn.Embedding(vocab, hidden)
        self.gru = nn.GRU(hidden, hidden, layers)
        self.concat = nn.Linear(hidden * 2, hidden)
        self.out = nn.Linear(hidden, vocab)

    def forward(self, word, last_hidden, encoder_outputs):
        embedded = self.embedding(word).unsqueeze(0)
        rnn_output, hidden = self.gru(embedded, last_hidden)
        energies = (rnn_output * encoder_outputs).sum(dim=2).t()
        weights = energies.softmax(dim=1).unsqueeze(1)
        context = weights.bmm(encoder_outputs.transpose(0, 1)).squeeze(1)
        concat = torch.tanh(self.concat(torch.cat((rnn_output.squeeze(0), context), 1)))
        return self.out(concat), hidden, weights
