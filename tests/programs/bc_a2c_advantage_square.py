import torch
from torch import nn
from torch.distributions import Categorical


class ActorCritic(nn.Module):
    def __init__(self, obs_dim=8, hidden=64, n_actions=4):
        super().__init__()
        self.body = nn.Sequential(nn.Linear(obs_dim, hidden), nn.Tanh(), nn.Linear(hidden, hidden), nn.Tanh())
        self.actor = nn.Linear(hidden, n_actions)
        self.critic = nn.Linear(hidden, 1)

    def forward(self, obs):
        h = self.body(obs)
        return self.actor(h), self.critic(h)


def discounted(rewards, gamma=0.99):
    out, running = [], 0.0
    for r in reversed(rewards):
        running = r + gamma * running
        out.insert(0, running)
    return out


def update(steps=16, entropy_coef=0.01):
    torch.manual_seed(0)
    net = ActorCritic()
    optimizer = torch.optim.Adam(net.parameters(), lr=7e-4)
    obs = torch.randn(16, 8)
    rewards = torch.rand(16)
    returns = rewards.flip(0).cumsum(0).flip(0)
    logits, values = net(obs)
    dist = Categorical(logits=logits)
    actions = dist.sample()
    advantage = returns - values
    critic_loss = advantage.pow(2).mean()
    actor_loss = -(dist.log_prob(actions) * advantage.detach()).mean()
    loss = actor_loss + 0.5 * critic_loss - entropy_coef * dist.entropy().mean()
    optimizer.zero_grad()
    loss.backward()
    optimizer.step()
    return loss.item()


if __name__ == "__main__":
    print(update())
