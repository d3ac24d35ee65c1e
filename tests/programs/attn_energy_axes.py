import torch
import torch.nn as nn
import torch.nn.functional as F


class Attention(nn.Module):
    def __init__(self, hidden_size=12):
        super().__init__()
        self.fc_hidden = nn.Linear(hidden_size, hidden_size, bias=False)
        self.fc_encoder = nn.Linear(hidden_size, hidden_size, bias=False)
        self.score = nn.Linear(hidden_size, 1)

    def forward(self, hidden, encoder_outputs):
        # hidden (batch, hidden), encoder_outputs (batch, steps, hidden)
        x = torch.tanh(self.fc_hidden(hidden) + self.fc_encoder(encoder_outputs))
        weights = F.softmax(self.score(x), dim=1)
        return torch.bmm(weights.transpose(1, 2), encoder_outputs)
