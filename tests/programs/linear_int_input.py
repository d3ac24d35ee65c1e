import torch
from torch import nn


class Tabular(nn.Module):
    def __init__(self, cats=12, dim=4, cont=3):
        super().__init__()
        self.emb = nn.Embedding(cats, dim)
        self.fc = nn.Linear(dim, 16)
        self.cont = nn.Linear(cont, 16)
        self.out = nn.Linear(32, 1)

    def forward(self, cat, cont):
        a = self.fc(self.emb(cat))
        b = self.cont(cont)
        return self.out(torch.relu(torch.cat([a, b], 1)))
