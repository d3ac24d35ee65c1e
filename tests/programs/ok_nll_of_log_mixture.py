import torch
import torch.nn as nn
import torch.nn.functional as F


class Mixture(nn.Module):
    """Mixture of softmaxes; gives probabilities."""

    def __init__(self, k=3, d=12, n=7):
        super().__init__()
        self.prior = nn.Linear(d, k)
        self.scores = nn.ModuleList([nn.Linear(d, n) for _ in range(k)])

    def forward(self, x):
        prior = F.softmax(self.prior(x), dim=1)
        probs = torch.stack([F.softmax(s(x), dim=1) for s in self.scores], dim=1)
        return (prior.unsqueeze(2) * probs).sum(1)


def main():
    net = Mixture()
    loss = F.nll_loss(torch.log(net(torch.rand(6, 12)) + 1e-8), torch.randint(0, 7, (6,)))
    loss.backward()
