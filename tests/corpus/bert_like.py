import math
import torch
from torch import nn


class Embeddings(nn.Module):
    def __init__(self, vocab_size, hidden, max_position):
        super().__init__()
        self.word_embeddings = nn.Embedding(vocab_size, hidden)
        self.position_embeddings = nn.Embedding(max_position, hidden)
        self.LayerNorm = nn.LayerNorm(hidden)
        self.register_buffer("position_ids", torch.arange(max_position).expand((1, -1)))

    def forward(self, input_ids):
        seq_length = input_ids.size(1)
        position_ids = self.position_ids[:, :seq_length]
        return self.LayerNorm(self.word_embeddings(input_ids) + self.position_embeddings(position_ids))


class SelfAttention(nn.Module):
    def __init__(self, hidden, heads):
        super().__init__()
        self.heads, self.size = heads, hidden // heads
        self.query, self.key, self.value = (nn.Linear(hidden, hidden) for _ in range(3))

    def split(self, x):
        return x.view(x.size(0), x.size(1), self.heads, self.size).permute(0, 2, 1, 3)

    def forward(self, h):
        q, k, v = self.split(self.query(h)), self.split(self.key(h)), self.split(self.value(h))
        scores = torch.matmul(q, k.transpose(-1, -2)) / math.sqrt(self.size)
        context = torch.matmul(scores.softmax(-1), v).permute(0, 2, 1, 3).contiguous()
        return context.view(context.size(0), context.size(1), -1)


class Encoder(nn.Module):
    def __init__(self, vocab_size=1000, hidden=64, heads=4, layers=2, max_position=512):
        super().__init__()
        self.embeddings = Embeddings(vocab_size, hidden, max_position)
        self.layers = nn.ModuleList([SelfAttention(hidden, heads) for _ in range(layers)])
        self.pooler = nn.Linear(hidden, hidden)

    def forward(self, input_ids, attention_mask=None):
        h = self.embeddings(input_ids)
        for layer in self.layers:
            h = h + layer(h)
        return torch.tanh(self.pooler(h[:, 0]))
