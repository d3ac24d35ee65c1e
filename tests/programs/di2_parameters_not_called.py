import torch
import torch.nn as nn
import torch.optim as optim


class MatrixFactorization(nn.Module):
    def __init__(self, n_users=40, n_items=60, n_factors=12):
        super().__init__()
        self.user_factors = nn.Embedding(n_users, n_factors)
        self.item_factors = nn.Embedding(n_items, n_factors)
        self.user_bias, self.item_bias = nn.Embedding(n_users, 1), nn.Embedding(n_items, 1)

    def forward(self, user, item):
        dot = (self.user_factors(user) * self.item_factors(item)).sum(1, keepdim=True)
        return (dot + self.user_bias(user) + self.item_bias(item)).squeeze(1)


class Trainer:
    def __init__(self, model, lr=0.01, weight_decay=1e-5):
        self.model = model
        self.criterion = nn.MSELoss()
        self.optimizer = optim.Adam(model.parameters, lr=lr, weight_decay=weight_decay)

    def step(self, u, i, r):
        self.optimizer.zero_grad()
        loss = self.criterion(self.model(u, i), r)
        loss.backward()
        self.optimizer.step()
        return loss.item()


def train():
    trainer = Trainer(MatrixFactorization())
    for _ in range(3):
        u, i = torch.randint(0, 40, (16,)), torch.randint(0, 60, (16,))
        print(trainer.step(u, i, torch.rand(16) * 5))


if __name__ == "__main__":
    train()
