# Deep deterministic policy gradient: the actor chooses in evaluation mode; targets come from passes without gradients between two steps.
import torch
import torch.nn as nn


class Actor(nn.Module):
    def __init__(self, n_state=6, n_action=2):
        super().__init__()
        self.net = nn.Sequential(
            nn.BatchNorm1d(n_state),
            nn.Linear(n_state, 32),
            nn.ReLU(),
            nn.BatchNorm1d(32),
            nn.Linear(32, n_action),
            nn.Tanh(),
        )

    def forward(self, s):
        return self.net(s)


class Critic(nn.Module):
    def __init__(self, n_state=6, n_action=2):
        super().__init__()
        self.s = nn.Linear(n_state, 32)
        self.q = nn.Sequential(nn.Linear(32 + n_action, 32), nn.ReLU(), nn.Linear(32, 1))

    def forward(self, s, a):
        return self.q(torch.cat([torch.relu(self.s(s)), a], dim=-1)).squeeze(-1)


def explore(actor, s, noise=0.1):
    actor.eval()
    with torch.no_grad():
        a = actor(s[None])[0]
    actor.train()
    return (a + noise * torch.randn_like(a)).clamp(-1, 1)


def train(steps=40, batch=16):
    actor, critic = Actor(), Critic()
    opt_a = torch.optim.Adam(actor.parameters(), lr=1e-3)
    opt_c = torch.optim.Adam(critic.parameters(), lr=1e-3)
    memory = []
    s = torch.randn(6)
    for _ in range(steps):
        a = explore(actor, s)
        s2 = 0.9 * s + 0.1 * torch.randn(6) + 0.05 * a.sum()
        memory.append((s, a, -s2.abs().mean(), s2))
        s = s2
        if len(memory) < batch:
            continue
        chosen = [memory[i] for i in torch.randperm(len(memory))[:batch]]
        S, A, R, S2 = (torch.stack(x) for x in zip(*chosen, strict=True))
        with torch.no_grad():
            y = R + 0.9 * critic(S2, actor(S2))
        loss_c = nn.functional.mse_loss(critic(S, A), y)
        opt_c.zero_grad()
        loss_c.backward()
        opt_c.step()
        loss_a = -critic(S, actor(S)).mean()
        opt_a.zero_grad()
        loss_a.backward()
        opt_a.step()


torch.manual_seed(0)
train()
