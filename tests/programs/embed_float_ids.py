import torch
from torch import nn


class PhonemeEncoder(nn.Module):
    def __init__(self, symbols=70, dim=32):
        super().__init__()
        self.symbol = nn.Embedding(symbols, dim)
        self.conv = nn.Conv1d(dim, dim, 5, padding=2)

    def forward(self, text):
        x = self.symbol(text).transpose(1, 2)
        return torch.relu(self.conv(x))


def run():
    text = torch.zeros(2, 13)
    text[:, :9] = 5
    return PhonemeEncoder()(text)
