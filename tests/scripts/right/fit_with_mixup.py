import numpy as np
import torch
from torch import nn


def stream(X, Y, batch_size, rng):
    order = rng.permutation(len(X))
    for s in range(0, len(X), batch_size):
        idx = order[s : s + batch_size]
        yield torch.from_numpy(X[idx]), torch.from_numpy(Y[idx])


def mixup(x, y, alpha, rng):
    lam = float(rng.beta(alpha, alpha))
    perm = torch.randperm(len(x))
    return lam * x + (1 - lam) * x[perm], y, y[perm], lam


class MLPClassifier:
    def __init__(self, widths=(64, 32), lr=1e-3, epochs=3, batch_size=50, alpha=0.2, seed=0):
        self.widths, self.lr, self.epochs, self.batch_size, self.alpha = widths, lr, epochs, batch_size, alpha
        self.rng = np.random.default_rng(seed)
        torch.manual_seed(seed)

    def _build(self, n_in, n_out):
        mods, last = [], n_in
        for w in self.widths:
            mods += [nn.Linear(last, w), nn.BatchNorm1d(w), nn.LeakyReLU(), nn.Dropout(0.1)]
            last = w
        self.net_ = nn.Sequential(*mods, nn.Linear(last, n_out))

    def fit(self, X, Y, eval_every=1):
        n_val = len(X) // 5
        self._build(X.shape[1], int(Y.max()) + 1)
        ce = nn.CrossEntropyLoss()
        opt = torch.optim.RAdam(self.net_.parameters(), lr=self.lr)
        for epoch in range(self.epochs):
            self.net_.train()
            for x, y in stream(X[n_val:], Y[n_val:], self.batch_size, self.rng):
                x, ya, yb, lam = mixup(x, y, self.alpha, self.rng)
                out = self.net_(x)
                loss = lam * ce(out, ya) + (1 - lam) * ce(out, yb)
                self.net_.zero_grad()
                loss.backward()
                opt.step()
            if epoch % eval_every == 0:
                print(epoch, "acc", self.score(X[:n_val], Y[:n_val]))
        return self

    def predict(self, X):
        self.net_.eval()
        with torch.no_grad():
            return self.net_(torch.as_tensor(X)).argmax(1).numpy()

    def score(self, X, Y):
        return float((self.predict(X) == Y).mean())


rng = np.random.default_rng(1)
X = rng.normal(size=(500, 12)).astype("float32")
Y = (X[:, 0] + X[:, 1] ** 2 > 0.7).astype("int64") + (X[:, 2] > 1)
MLPClassifier().fit(X, Y)
