# A policy of two heads with a clipped ratio; what the old policy said is drawn without gradient.
import torch
from torch import nn
from torch.distributions import Categorical


class Policy(nn.Module):
    def __init__(self):
        super().__init__()
        self.body = nn.Sequential(nn.Linear(5, 32), nn.Tanh())
        self.actor, self.critic = nn.Linear(32, 3), nn.Linear(32, 1)

    def forward(self, state):
        h = self.body(state)
        return Categorical(logits=self.actor(h)), self.critic(h).squeeze(-1)


@torch.no_grad()
def rollout(net, length=48):
    states = torch.randn(length, 5)
    distribution, values = net(states)
    actions = distribution.sample()
    rewards = states.gather(1, actions[:, None]).squeeze(1)
    returns = torch.zeros(length)
    running = 0.0
    for t in reversed(range(length)):
        running = rewards[t] + 0.5 * running
        returns[t] = running
    advantage = returns - values
    advantage = (advantage - advantage.mean()) / (advantage.std() + 1e-8)
    return states, actions, distribution.log_prob(actions), returns, advantage


def update(net, optimizer, states, actions, old, returns, advantage):
    for rows in torch.randperm(len(states)).split(16):
        distribution, values = net(states[rows])
        ratio = (distribution.log_prob(actions[rows]) - old[rows]).exp()
        clipped = ratio.clamp(0.8, 1.2)
        policy = -torch.min(ratio * advantage[rows], clipped * advantage[rows]).mean()
        value = (values - returns[rows]).pow(2).mean()
        loss = policy + 0.5 * value - 0.01 * distribution.entropy().mean()
        optimizer.zero_grad()
        loss.backward()
        nn.utils.clip_grad_norm_(net.parameters(), 0.5)
        optimizer.step()
    return loss.item()


torch.manual_seed(0)
net = Policy()
optimizer = torch.optim.Adam(net.parameters(), lr=3e-4)
for _ in range(4):
    print(update(net, optimizer, *rollout(net)))
