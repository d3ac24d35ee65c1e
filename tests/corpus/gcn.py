import torch
from torch import nn


class GraphConvolution(nn.Module):
    def __init__(self, i, o):
        super().__init__()
        self.lin = nn.Linear(i, o)

    def forward(self, x, edge_index):
        row, col = edge_index
        x = self.lin(x)
        out = torch.zeros_like(x)
        return out.index_add(0, row, x[col])


class GCN(nn.Module):
    def __init__(self, features=1433, hidden=16, classes=7):
        super().__init__()
        self.conv1 = GraphConvolution(features, hidden)
        self.conv2 = GraphConvolution(hidden, classes)

    def forward(self, x, edge_index):
        h = torch.relu(self.conv1(x, edge_index))
        return torch.log_softmax(self.conv2(h, edge_index), dim=1)
