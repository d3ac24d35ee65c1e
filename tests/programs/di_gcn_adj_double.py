import math

import numpy as np
import torch
import torch.nn as nn
import torch.nn.functional as F


def normalize(mx):
    rowsum = np.array(mx.sum(1))
    r_inv = np.power(rowsum, -1.0).flatten()
    r_inv[np.isinf(r_inv)] = 0.0
    return np.diag(r_inv) @ mx


def load_data(n=60, feats=24):
    rng = np.random.default_rng(7)
    adj = (rng.random((n, n)) < 0.1).astype(np.float32)
    adj = np.maximum(adj, adj.T)
    features = rng.random((n, feats)).astype(np.float32)
    labels = rng.integers(0, 4, n)
    adj = normalize(adj + np.eye(n))
    features = normalize_rows(features)
    return torch.from_numpy(adj), torch.from_numpy(features), torch.from_numpy(labels)


def normalize_rows(x):
    return (x / x.sum(1, keepdims=True)).astype(np.float32)


class GraphConvolution(nn.Module):
    def __init__(self, in_features, out_features, bias=True):
        super().__init__()
        self.weight = nn.Parameter(torch.empty(in_features, out_features))
        self.bias = nn.Parameter(torch.empty(out_features)) if bias else None
        stdv = 1.0 / math.sqrt(out_features)
        self.weight.data.uniform_(-stdv, stdv)
        if self.bias is not None:
            self.bias.data.uniform_(-stdv, stdv)

    def forward(self, input, adj):
        support = torch.mm(input, self.weight)
        output = torch.mm(adj, support)
        return output + self.bias if self.bias is not None else output


class GCN(nn.Module):
    def __init__(self, nfeat, nhid, nclass, dropout):
        super().__init__()
        self.gc1 = GraphConvolution(nfeat, nhid)
        self.gc2 = GraphConvolution(nhid, nclass)
        self.dropout = dropout

    def forward(self, x, adj):
        x = F.relu(self.gc1(x, adj))
        x = F.dropout(x, self.dropout, training=self.training)
        return F.log_softmax(self.gc2(x, adj), dim=1)


def main():
    adj, features, labels = load_data()
    model = GCN(nfeat=features.shape[1], nhid=16, nclass=labels.max().item() + 1, dropout=0.5)
    optimizer = torch.optim.Adam(model.parameters(), lr=0.01, weight_decay=5e-4)
    for epoch in range(2):
        model.train()
        optimizer.zero_grad()
        output = model(features, adj)
        loss = F.nll_loss(output[:40], labels[:40])
        loss.backward()
        optimizer.step()


if __name__ == "__main__":
    main()
