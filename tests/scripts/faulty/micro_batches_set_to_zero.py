# finds: gradients-erased
from dataclasses import dataclass

import torch
from torch import nn


@dataclass
class Args:
    micro: int = 8
    accumulate: int = 4
    updates: int = 6
    lr: float = 1e-2


class GRUClassifier(nn.Module):
    def __init__(self, vocab=40, dim=24, classes=2):
        super().__init__()
        self.emb = nn.EmbeddingBag(vocab, dim)
        self.out = nn.Sequential(nn.Linear(dim, dim), nn.ReLU(), nn.Linear(dim, classes))

    def forward(self, ids):
        return self.out(self.emb(ids))


def batch(n):
    ids = torch.randint(0, 40, (n, 12))
    return ids, (ids.float().mean(1) > 19.5).long()


def train(args):
    torch.manual_seed(0)
    model = GRUClassifier()
    opt = torch.optim.SGD(model.parameters(), lr=args.lr, momentum=0.9)
    for i in range(args.updates * args.accumulate):
        opt.zero_grad()  # here
        ids, y = batch(args.micro)
        loss = nn.functional.cross_entropy(model(ids), y) / args.accumulate
        loss.backward()
        if (i + 1) % args.accumulate == 0:
            opt.step()
    return loss.item()


print(train(Args()))
