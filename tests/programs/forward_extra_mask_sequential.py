import torch
from torch import nn


class GraphConv(nn.Module):
    def __init__(self, n_in, n_out):
        super().__init__()
        self.lin = nn.Linear(n_in, n_out)

    def forward(self, x, adj):
        return torch.relu(adj @ self.lin(x))


class GraphNet(nn.Module):
    def __init__(self, n_in=6, n_hid=12, n_out=3):
        super().__init__()
        self.layers = nn.Sequential(GraphConv(n_in, n_hid), GraphConv(n_hid, n_out))

    def forward(self, x, adj):
        return self.layers(x, adj)
