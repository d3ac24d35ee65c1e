# finds: data-not-shuffled
import numpy as np
import torch
import torch.nn as nn
import torch.nn.functional as F


def load(n_per_class=120, classes=5, seed=0):
    rng = np.random.default_rng(seed)
    xs, ys = [], []
    for c in range(classes):
        xs.append(rng.normal(c * 0.3, 1.0, size=(n_per_class, 20)))
        ys.append(np.full(n_per_class, c))
    return np.concatenate(xs).astype("float32"), np.concatenate(ys)


def main():
    torch.manual_seed(0)
    X, Y = load()
    X, Y = torch.from_numpy(X), torch.from_numpy(Y)
    net = nn.Sequential(nn.Linear(20, 64), nn.ReLU(), nn.Linear(64, 5))
    opt = torch.optim.Adam(net.parameters())
    bs = 30
    for epoch in range(3):
        for b in range(len(X) // bs):
            xb, yb = X[b * bs : (b + 1) * bs], Y[b * bs : (b + 1) * bs]  # here
            opt.zero_grad()
            loss = F.cross_entropy(net(xb), yb)
            loss.backward()
            opt.step()
        print(epoch, float(loss))


main()
