import torch
from torch import nn


class ToxicNet(nn.Module):
    def __init__(self, max_features=300, embed_size=16, units=12):
        super().__init__()
        self.embedding = nn.Embedding(max_features, embed_size)
        self.embedding_dropout = nn.Dropout2d(0.3)
        self.lstm = nn.LSTM(embed_size, units, bidirectional=True, batch_first=True)
        self.out = nn.Linear(4 * units, 1)

    def forward(self, x):
        h = self.embedding(x)
        h = self.embedding_dropout(h)
        h, _ = self.lstm(h)
        avg_pool = torch.mean(h, 1)
        max_pool, _ = torch.max(h, 1)
        return self.out(torch.cat((avg_pool, max_pool), 1))
