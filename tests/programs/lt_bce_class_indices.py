import torch
import torch.nn as nn
from torch.utils.data import DataLoader, TensorDataset


class TabularNet(nn.Module):
    """embeddings for the categorical columns, plain numbers for the rest"""

    def __init__(self, cat_sizes=((12, 4), (7, 3), (31, 8)), n_cont=9, n_classes=5, hidden=(64, 32)):
        super().__init__()
        self.embs = nn.ModuleList([nn.Embedding(n, d) for n, d in cat_sizes])
        n_emb = sum(d for _, d in cat_sizes)
        self.bn_cont = nn.BatchNorm1d(n_cont)
        layers, width = [], n_emb + n_cont
        for h in hidden:
            layers += [nn.Linear(width, h), nn.ReLU(), nn.BatchNorm1d(h), nn.Dropout(0.2)]
            width = h
        layers.append(nn.Linear(width, n_classes))
        self.layers = nn.Sequential(*layers)

    def forward(self, x_cat, x_cont):
        x = [e(x_cat[:, i]) for i, e in enumerate(self.embs)]
        x = torch.cat(x + [self.bn_cont(x_cont)], 1)
        return self.layers(x)


def make_data(n=64):
    cats = torch.stack([torch.randint(0, c, (n,)) for c in (12, 7, 31)], 1)
    conts = torch.randn(n, 9)
    y = torch.randint(0, 5, (n,))
    return TensorDataset(cats, conts, y)


class Learner:
    def __init__(self, model, loss_fn, lr=1e-3):
        self.model, self.loss_fn = model, loss_fn
        self.opt = torch.optim.Adam(model.parameters(), lr)

    def epoch(self, loader):
        self.model.train()
        for cats, conts, y in loader:
            out = self.model(cats, conts)
            loss = self.loss_fn(out, y.float())
            self.opt.zero_grad()
            loss.backward()
            self.opt.step()


def fit():
    learner = Learner(TabularNet(), nn.BCEWithLogitsLoss())
    learner.epoch(DataLoader(make_data(), batch_size=16, shuffle=True))


if __name__ == "__main__":
    fit()
