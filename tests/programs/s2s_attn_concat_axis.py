import torch
import torch.nn as nn
import torch.nn.functional as F


class BahdanauDecoder(nn.Module):
    def __init__(self, hidden_size=16, output_size=30):
        super().__init__()
        self.hidden_size = hidden_size
        self.embedding = nn.Embedding(output_size, hidden_size)
        self.attn = nn.Linear(hidden_size * 2, hidden_size)
        self.v = nn.Linear(hidden_size, 1)
        self.gru = nn.GRU(hidden_size * 2, hidden_size)
        self.out = nn.Linear(hidden_size * 2, output_size)

    def forward(self, word_input, last_hidden, encoder_outputs):
        # word_input (B,), last_hidden (1, B, H), encoder_outputs (T, B, H)
        word_embedded = self.embedding(word_input).view(1, 1, -1)
        T = encoder_outputs.size(0)
        h = last_hidden.repeat(T, 1, 1)
        energy = torch.tanh(self.attn(torch.cat([h, encoder_outputs], 2)))
        weights = F.softmax(self.v(energy), dim=0)
        context = (weights * encoder_outputs).sum(0, keepdim=True)
        rnn_input = torch.cat((word_embedded, context), 2)
        output, hidden = self.gru(rnn_input, last_hidden)
        output = self.out(torch.cat((output, context), 2).squeeze(0))
        return F.log_softmax(output, dim=1), hidden
