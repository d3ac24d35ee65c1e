import torch
import torch.nn as nn


class Relational(nn.Module):
    """Heads come out of einsum in front of time, so that a view of (n, heads * t, d) is in order."""

    def __init__(self, d=24, heads=3, out=6):
        super().__init__()
        self.w = nn.Parameter(torch.randn(heads, d, d // heads) * 0.1)
        self.heads = heads
        self.score = nn.Linear(d // heads, 1)
        self.out = nn.Linear(d, out)

    def forward(self, x):
        n, t, d = x.shape
        per_head = torch.einsum("ntd,hdk->nhtk", x, self.w)
        flat = per_head.contiguous().view(n, self.heads * t, d // self.heads)
        weight = self.score(flat).view(n, self.heads, t, 1).softmax(2)
        pooled = (weight * per_head).sum(2)
        return self.out(pooled.reshape(n, d))


def main():
    net = Relational()
    opt = torch.optim.Adam(net.parameters(), 1e-3)
    margin = nn.MultiLabelSoftMarginLoss()
    for _ in range(3):
        x = torch.randn(7, 11, 24)
        y = (x.mean(1)[:, :6] > 0).float()
        loss = margin(net(x), y)
        opt.zero_grad()
        loss.backward()
        opt.step()


if __name__ == "__main__":
    main()
