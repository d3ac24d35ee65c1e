"""A soft actor-critic in small: rsample, two critics, target networks by Polyak averaging, entropy weight learned."""

import copy

import torch
from torch import nn
from torch.distributions import Normal


def mlp(i, o):
    return nn.Sequential(nn.Linear(i, 32), nn.ReLU(), nn.Linear(32, o))


class Actor(nn.Module):
    def __init__(self):
        super().__init__()
        self.net = mlp(3, 2)

    def forward(self, s):
        mean, log_std = self.net(s).chunk(2, -1)
        dist = Normal(mean, log_std.clamp(-5, 1).exp())
        a = dist.rsample()
        return torch.tanh(a), (dist.log_prob(a) - torch.log(1 - torch.tanh(a) ** 2 + 1e-6)).sum(-1)


torch.manual_seed(0)
actor, q1, q2 = Actor(), mlp(4, 1), mlp(4, 1)
t1, t2 = copy.deepcopy(q1).requires_grad_(False), copy.deepcopy(q2).requires_grad_(False)
log_alpha = torch.zeros((), requires_grad=True)
opt_a = torch.optim.Adam(actor.parameters(), 1e-3)
opt_q = torch.optim.Adam([*q1.parameters(), *q2.parameters()], 1e-3)
opt_alpha = torch.optim.Adam([log_alpha], 1e-3)
for _step in range(12):
    s = torch.randn(32, 3)
    a = torch.rand(32, 1) * 2 - 1
    r, s2 = -(s[:, 0] - a[:, 0]).abs(), 0.9 * s
    with torch.no_grad():
        a2, lp2 = actor(s2)
        sa2 = torch.cat([s2, a2], 1)
        y = r + 0.95 * (torch.min(t1(sa2), t2(sa2)).squeeze(1) - log_alpha.exp() * lp2)
    sa = torch.cat([s, a], 1)
    loss_q = nn.functional.mse_loss(q1(sa).squeeze(1), y) + nn.functional.mse_loss(q2(sa).squeeze(1), y)
    opt_q.zero_grad()
    loss_q.backward()
    opt_q.step()
    pi, lp = actor(s)
    sp = torch.cat([s, pi], 1)
    loss_a = (log_alpha.exp().detach() * lp - torch.min(q1(sp), q2(sp)).squeeze(1)).mean()
    opt_a.zero_grad()
    loss_a.backward()
    opt_a.step()
    loss_alpha = -(log_alpha * (lp.detach() - 1)).mean()
    opt_alpha.zero_grad()
    loss_alpha.backward()
    opt_alpha.step()
    with torch.no_grad():
        for t, q in ((t1, q1), (t2, q2)):
            for x, p in zip(t.parameters(), q.parameters(), strict=True):
                x.mul_(0.99).add_(p, alpha=0.01)
print(loss_q.item(), loss_a.item())
