import torch
from torch import nn

VOCAB = 60
PAD = VOCAB


class SentenceTagger(nn.Module):
    def __init__(self, dim=12, tags=5):
        super().__init__()
        self.embedding = nn.Embedding(VOCAB + 1, dim, padding_idx=PAD)
        self.cells = nn.ModuleList([nn.GRUCell(dim, dim) for _ in range(2)])
        self.tags = nn.Linear(dim, tags)

    def forward(self, ids):
        states = [torch.zeros(ids.size(0), self.embedding.embedding_dim) for _ in self.cells]
        out = []
        for x in self.embedding(ids).unbind(1):
            for k, cell in enumerate(self.cells):
                states[k] = x = cell(x, states[k])
            out.append(self.tags(x))
        return torch.stack(out, dim=1)
