import numpy as np
import torch
import torch.nn as nn
from torch.utils.data import DataLoader, Dataset


class Ratings(Dataset):
    def __init__(self, table):
        # user, item, rating in one array
        self.x = table[:, :2]
        self.y = table[:, 2]

    def __len__(self):
        return len(self.y)

    def __getitem__(self, i):
        return torch.tensor(self.x[i], dtype=torch.float32), torch.tensor(self.y[i], dtype=torch.float32)


class NeuMF(nn.Module):
    def __init__(self, n_users=50, n_items=80, dim=8, layers=(16, 8)):
        super().__init__()
        self.user_gmf, self.item_gmf = nn.Embedding(n_users, dim), nn.Embedding(n_items, dim)
        self.user_mlp, self.item_mlp = nn.Embedding(n_users, dim), nn.Embedding(n_items, dim)
        mlp, w = [], 2 * dim
        for out in layers:
            mlp += [nn.Linear(w, out), nn.ReLU()]
            w = out
        self.mlp = nn.Sequential(*mlp)
        self.out = nn.Linear(w + dim, 1)

    def forward(self, x):
        user, item = x[:, 0], x[:, 1]
        gmf = self.user_gmf(user) * self.item_gmf(item)
        mlp = self.mlp(torch.cat([self.user_mlp(user), self.item_mlp(item)], dim=1))
        return self.out(torch.cat([gmf, mlp], dim=1)).squeeze(1)


def train():
    rng = np.random.default_rng(0)
    table = np.stack([rng.integers(0, 50, 200), rng.integers(0, 80, 200), rng.integers(1, 6, 200)], 1).astype(float)
    loader = DataLoader(Ratings(table), batch_size=20, shuffle=True)
    model = NeuMF()
    opt = torch.optim.Adam(model.parameters(), lr=1e-2)
    for x, y in loader:
        opt.zero_grad()
        loss = nn.MSELoss()(model(x), y)
        loss.backward()
        opt.step()


if __name__ == "__main__":
    train()
