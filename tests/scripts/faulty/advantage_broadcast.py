# finds: loss-broadcast
"""Advantage actor-critic on a tiny corridor: walk right to the goal."""

import torch
import torch.nn as nn
from torch.distributions import Categorical

torch.manual_seed(11)
N_STATES, N_ACTIONS, GAMMA = 8, 2, 0.97


class Corridor:
    def reset(self):
        self.pos, self.t = 2, 0
        return self._obs()

    def _obs(self):
        obs = torch.zeros(N_STATES)
        obs[self.pos] = 1.0
        return obs

    def step(self, action):
        self.pos = max(0, min(N_STATES - 1, self.pos + (1 if action == 1 else -1)))
        self.t += 1
        done = self.pos == N_STATES - 1 or self.t >= 25
        return self._obs(), 1.0 if self.pos == N_STATES - 1 else -0.02, done


class ActorCritic(nn.Module):
    def __init__(self):
        super().__init__()
        self.shared = nn.Sequential(nn.Linear(N_STATES, 32), nn.Tanh())
        self.actor = nn.Linear(32, N_ACTIONS)
        self.critic = nn.Linear(32, 1)

    def forward(self, s):
        h = self.shared(s)
        return Categorical(logits=self.actor(h)), self.critic(h)


env = Corridor()
ac = ActorCritic()
optimizer = torch.optim.Adam(ac.parameters(), lr=5e-3)

for episode in range(30):
    obs, done = env.reset(), False
    states, actions, rewards = [], [], []
    while not done:
        with torch.no_grad():
            dist, _ = ac(obs)
        action = dist.sample()
        states.append(obs)
        actions.append(action)
        obs, reward, done = env.step(action.item())
        rewards.append(reward)

    returns, running = [], 0.0
    for r in reversed(rewards):
        running = r + GAMMA * running
        returns.insert(0, running)
    returns = torch.tensor(returns)

    dist, values = ac(torch.stack(states))
    log_probs = dist.log_prob(torch.stack(actions))
    advantage = returns - values  # here
    actor_loss = -(log_probs * advantage.detach()).mean()
    critic_loss = advantage.pow(2).mean()
    loss = actor_loss + 0.5 * critic_loss - 0.01 * dist.entropy().mean()

    optimizer.zero_grad()
    loss.backward()
    nn.utils.clip_grad_norm_(ac.parameters(), 0.5)
    optimizer.step()
    if episode % 10 == 0:
        print(episode, sum(rewards))
