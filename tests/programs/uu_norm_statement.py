import torch
from torch import nn
import torch.nn.functional as F


class GCNLayer(nn.Module):
    def __init__(self, cin, cout, normalize=True):
        super().__init__()
        self.lin = nn.Linear(cin, cout)
        self.normalize = normalize
        self.norm = nn.LayerNorm(cout) if normalize else nn.Identity()

    def forward(self, x, adj):
        adj = adj + torch.eye(adj.size(0))
        d = adj.sum(1).rsqrt()
        h = self.lin(d[:, None] * adj * d[None] @ x)
        if self.normalize:
            self.norm(h)
        return F.relu(h)


class GraphNet(nn.Module):
    def __init__(self, cin=12, hidden=16, classes=3, depth=2):
        super().__init__()
        sizes = [cin] + [hidden] * depth
        self.layers = nn.ModuleList(GCNLayer(a, b) for a, b in zip(sizes, sizes[1:]))
        self.out = nn.Linear(hidden, classes)

    def forward(self, x, adj):
        for layer in self.layers:
            x = layer(x, adj)
        return self.out(x.mean(0))


if __name__ == "__main__":
    print(GraphNet()(torch.rand(10, 12), (torch.rand(10, 10) > 0.6).float()))
