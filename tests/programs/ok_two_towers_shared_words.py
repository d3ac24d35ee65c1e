import torch
from torch import nn
import torch.nn.functional as F


class TwoTower(nn.Module):
    def __init__(self, words=400, dim=24):
        super().__init__()
        self.words = nn.EmbeddingBag(words, dim, mode="mean")
        self.query = nn.Sequential(nn.Linear(dim, dim), nn.Tanh())
        self.page = nn.Sequential(nn.Linear(dim, dim), nn.Tanh())

    def forward(self, query, page):
        q = F.normalize(self.query(self.words(query)), dim=-1)
        p = F.normalize(self.page(self.words(page)), dim=-1)
        return q @ p.T / 0.07


def main():
    model = TwoTower()
    opt = torch.optim.AdamW(model.parameters(), lr=1e-3)
    for _ in range(4):
        query, page = torch.randint(0, 400, (8, 5)), torch.randint(0, 400, (8, 30))
        scores = model(query, page)
        target = torch.arange(8)
        loss = (F.cross_entropy(scores, target) + F.cross_entropy(scores.T, target)) / 2
        opt.zero_grad()
        loss.backward()
        opt.step()


if __name__ == "__main__":
    main()
