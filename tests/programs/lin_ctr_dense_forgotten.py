from collections import OrderedDict

import torch
import torch.nn as nn
from torch.utils.data import DataLoader, TensorDataset


class SparseFeat:
    def __init__(self, name, vocab, dim=16):
        self.name, self.vocab, self.dim = name, vocab, dim


SPARSE = [SparseFeat("user", 100), SparseFeat("item", 500), SparseFeat("site", 50), SparseFeat("hour", 24)]
DENSE = ["I%d" % i for i in range(1, 14)]


class MLP(nn.Module):
    def __init__(self, n_sparse, emb_dim, hidden, dropout=0.1):
        super().__init__()
        dims = [n_sparse * emb_dim] + list(hidden)
        layers = OrderedDict()
        for i in range(len(hidden)):
            layers["linear%d" % i] = nn.Linear(dims[i], dims[i + 1])
            layers["act%d" % i] = nn.PReLU()
            layers["drop%d" % i] = nn.Dropout(dropout)
        self.net = nn.Sequential(layers)

    def forward(self, x):
        return self.net(x)


class ClickNet(nn.Module):
    def __init__(self, feats=None, emb_dim=16, hidden=(32, 16)):
        super().__init__()
        feats = feats or SPARSE
        self.embeddings = nn.ModuleDict({f.name: nn.Embedding(f.vocab, emb_dim) for f in feats})
        self.names = [f.name for f in feats]
        self.dnn = MLP(len(feats), emb_dim, hidden)
        self.final = nn.Linear(hidden[-1], 1, bias=False)

    def forward(self, sparse, dense):
        embs = [self.embeddings[n](sparse[:, i]) for i, n in enumerate(self.names)]
        deep_in = torch.cat(embs + [dense], dim=-1)
        return torch.sigmoid(self.final(self.dnn(deep_in))).squeeze(1)


def main():
    n = 64
    sparse = torch.stack([torch.randint(0, f.vocab, (n,)) for f in SPARSE], 1)
    dense = torch.rand(n, len(DENSE))
    y = torch.randint(0, 2, (n,)).float()
    net = ClickNet()
    opt = torch.optim.Adagrad(net.parameters(), lr=0.01)
    for s, d, t in DataLoader(TensorDataset(sparse, dense, y), batch_size=16):
        loss = nn.functional.binary_cross_entropy(net(s, d), t)
        opt.zero_grad()
        loss.backward()
        opt.step()


if __name__ == "__main__":
    main()
