import torch
import torch.nn as nn
import torch.nn.functional as F


class NodeClassifier(nn.Module):
    """what all my graph nets share"""

    def __init__(self, hidden, n_classes, dropout=0.5):
        super().__init__()
        self.hidden = hidden
        self.dropout = dropout
        self.head = nn.Linear(hidden, n_classes)

    def classify(self, h):
        return F.log_softmax(self.head(F.dropout(h, self.dropout, self.training)), dim=-1)


class MeanAggregator(nn.Module):
    def __init__(self, i, o):
        super().__init__()
        self.own, self.neigh = nn.Linear(i, o), nn.Linear(i, o, bias=False)

    def forward(self, x, adj):
        deg = adj.sum(1, keepdim=True).clamp(min=1)
        return self.own(x) + self.neigh(adj @ x / deg)


class GraphSAGE(NodeClassifier):
    def __init__(self, n_features, n_classes, hidden=16, layers=2):
        super().__init__(hidden)
        dims = [n_features] + [hidden] * layers
        self.layers = nn.ModuleList(MeanAggregator(a, b) for a, b in zip(dims, dims[1:]))

    def forward(self, x, adj):
        for layer in self.layers:
            x = F.relu(layer(x, adj))
        return self.classify(x)


def main():
    torch.manual_seed(0)
    adj = (torch.rand(20, 20) < 0.2).float()
    adj = ((adj + adj.T) > 0).float()
    x, y = torch.randn(20, 14), torch.randint(0, 3, (20,))
    model = GraphSAGE(14, 3)
    loss = F.nll_loss(model(x, adj), y)
    loss.backward()


if __name__ == "__main__":
    main()
