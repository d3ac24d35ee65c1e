import torch
from torch import nn
import torch.nn.functional as F


class MCDropout(nn.Module):
    """kept on at inference: the spread over passes is the uncertainty"""

    def __init__(self, p):
        super().__init__()
        self.p = p

    def forward(self, x):
        return F.dropout(x, self.p, training=True)


class DoseNet(nn.Module):
    def __init__(self, n_in=20, hidden=64, p=0.1):
        super().__init__()
        self.net = nn.Sequential(nn.Linear(n_in, hidden), nn.ReLU(), MCDropout(p), nn.Linear(hidden, hidden), nn.ReLU(), MCDropout(p))
        self.mean = nn.Linear(hidden, 1)
        self.log_var = nn.Linear(hidden, 1)

    def forward(self, x):
        h = self.net(x)
        return self.mean(h).squeeze(-1), self.log_var(h).squeeze(-1)

    @torch.no_grad()
    def predict(self, x, passes=20):
        draws = torch.stack([self(x)[0] for _ in range(passes)])
        return draws.mean(0), draws.std(0)


def main():
    net = DoseNet()
    opt = torch.optim.Adam(net.parameters(), 1e-3)
    x, y = torch.randn(16, 20), torch.rand(16)
    for _ in range(3):
        mean, log_var = net(x)
        loss = F.gaussian_nll_loss(mean, y, log_var.exp())
        opt.zero_grad()
        loss.backward()
        opt.step()
    net.eval()
    return net.predict(x)


if __name__ == "__main__":
    main()
