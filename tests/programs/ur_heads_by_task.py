import torch
from torch import nn


class MultiReadout(nn.Module):
    def __init__(self, tasks=("age", "sex"), width=10):
        super().__init__()
        self.heads = {t: nn.Linear(width, 2) for t in tasks}

    def forward(self, x):
        return [self.heads[t](x) for t in self.heads]


def run_all():
    model = MultiReadout()
    opt = torch.optim.AdamW(model.parameters(), lr=3e-4)
    for _ in range(2):
        opt.zero_grad()
        sum(o.mean() for o in model(torch.randn(4, 10))).backward()
        opt.step()


if __name__ == "__main__":
    run_all()
