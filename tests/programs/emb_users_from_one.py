import torch
from torch import nn


class MF(nn.Module):
    def __init__(self, n_users, n_items, k=8):
        super().__init__()
        self.P = nn.Embedding(n_users, k)
        self.Q = nn.Embedding(n_items, k)

    def forward(self, u, i):
        return (self.P(u) * self.Q(i)).sum(1)


def train_step():
    users = torch.tensor([1, 2, 3, 4, 5, 6])        # u.data: user id | item id | rating
    items = torch.tensor([0, 2, 1, 0, 3, 3])
    ratings = torch.tensor([3.0, 4.0, 1.0, 5.0, 2.0, 2.0])
    model = MF(len(users.unique()), len(items.unique()))
    loss = nn.functional.mse_loss(model(users, items), ratings)
    loss.backward()


if __name__ == "__main__":
    train_step()
