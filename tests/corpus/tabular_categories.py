import torch
from torch import nn


class Tabular(nn.Module):
    def __init__(self, sizes=((24, 12), (2, 1), (7, 4)), n_cont=6):
        super().__init__()
        self.embeds = nn.ModuleList([nn.Embedding(n, d) for n, d in sizes])
        self.bn = nn.BatchNorm1d(n_cont)
        self.head = nn.Linear(sum(d for _, d in sizes) + n_cont, 2)

    def forward(self, x_cat, x_cont):
        parts = [e(x_cat[:, i]) for i, e in enumerate(self.embeds)]
        return self.head(torch.cat([torch.cat(parts, 1), self.bn(x_cont)], 1))
