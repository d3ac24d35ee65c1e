# The advantage is a number for the actor; the critic has its own loss and its own optimizer.
import torch
from torch import nn
from torch.distributions import Normal


def tower(out):
    return nn.Sequential(nn.Linear(3, 32), nn.Tanh(), nn.Linear(32, out))


class Actor(nn.Module):
    def __init__(self):
        super().__init__()
        self.mean, self.log_std = tower(2), nn.Parameter(torch.zeros(2))

    def forward(self, state):
        return Normal(self.mean(state), self.log_std.exp())


class A2C:
    def __init__(self, gamma=0.9):
        self.actor, self.critic, self.gamma = Actor(), tower(1), gamma
        self.actor_optimizer = torch.optim.Adam(self.actor.parameters(), lr=1e-3)
        self.critic_optimizer = torch.optim.Adam(self.critic.parameters(), lr=3e-3)

    def update(self, states, actions, rewards, last):
        with torch.no_grad():
            running, returns = self.critic(last).squeeze(), []
            for reward in rewards.flip(0):
                running = reward + self.gamma * running
                returns.insert(0, running)
            returns = torch.stack(returns)
        values = self.critic(states).squeeze(-1)
        critic_loss = nn.functional.mse_loss(values, returns)
        self.critic_optimizer.zero_grad()
        critic_loss.backward()
        self.critic_optimizer.step()

        advantage = (returns - values).detach()
        distribution = self.actor(states)
        gain = distribution.log_prob(actions).sum(-1) * advantage
        actor_loss = -(gain + 1e-3 * distribution.entropy().sum(-1)).mean()
        self.actor_optimizer.zero_grad()
        actor_loss.backward()
        self.actor_optimizer.step()
        return actor_loss.item(), critic_loss.item()


torch.manual_seed(0)
agent, state = A2C(), torch.randn(3)
for _ in range(10):
    states, actions, rewards = [], [], []
    for _ in range(16):
        with torch.no_grad():
            action = agent.actor(state).sample()
        states.append(state)
        actions.append(action)
        rewards.append(-(action - state[:2]).pow(2).sum())
        state = 0.8 * state + 0.5 * torch.randn(3)
    out = agent.update(torch.stack(states), torch.stack(actions), torch.stack(rewards), state)
print(out)
