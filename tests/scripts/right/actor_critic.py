"""Advantage actor-critic on a line world; two heads, entropy bonus, target network for the critic."""

import copy

import torch
from torch import nn
from torch.distributions import Categorical


class Policy(nn.Module):
    def __init__(self):
        super().__init__()
        self.body = nn.Sequential(nn.Linear(2, 32), nn.Tanh())
        self.pi, self.v = nn.Linear(32, 3), nn.Linear(32, 1)

    def forward(self, s):
        h = self.body(s)
        return Categorical(logits=self.pi(h)), self.v(h).squeeze(-1)


class LineWorld:
    def reset(self):
        self.x, self.t = torch.rand(()) * 2 - 1, 0
        return self.state()

    def state(self):
        return torch.stack([self.x, torch.tensor(self.t / 20)])

    def step(self, a):
        self.x = self.x + (a - 1) * 0.1 + 0.02 * torch.randn(())
        self.t += 1
        return self.state(), -self.x.abs().item(), self.t == 20


torch.manual_seed(0)
env, net = LineWorld(), Policy()
slow = copy.deepcopy(net).requires_grad_(False)
opt = torch.optim.Adam(net.parameters(), lr=3e-3)
for episode in range(6):
    s, done, logps, values, entropies, rewards, states = env.reset(), False, [], [], [], [], []
    while not done:
        dist, v = net(s)
        a = dist.sample()
        logps.append(dist.log_prob(a))
        values.append(v)
        entropies.append(dist.entropy())
        states.append(s)
        s, r, done = env.step(a.item())
        rewards.append(r)
    with torch.no_grad():
        _, nxt = slow(torch.stack([*states[1:], s]))
        target = torch.tensor(rewards) + 0.95 * nxt
        target[-1] = rewards[-1]
    values = torch.stack(values)
    advantage = (target - values).detach()
    loss = -(torch.stack(logps) * advantage).mean() + 0.5 * (values - target).pow(2).mean()
    loss = loss - 0.01 * torch.stack(entropies).mean()
    opt.zero_grad()
    loss.backward()
    nn.utils.clip_grad_norm_(net.parameters(), 0.5)
    opt.step()
    with torch.no_grad():
        for a, b in zip(slow.parameters(), net.parameters(), strict=False):
            a.lerp_(b, 0.05)
    print(episode, sum(rewards))
