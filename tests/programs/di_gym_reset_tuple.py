import numpy as np
import torch
import torch.nn as nn
from torch.distributions import Categorical


class CartPole:
    """the interface of gym >= 0.26"""

    def __init__(self, seed=0):
        self.rng = np.random.default_rng(seed)
        self.t = 0

    def reset(self):
        self.t = 0
        return self.rng.uniform(-0.05, 0.05, 4).astype(np.float32), {}

    def step(self, action):
        self.t += 1
        return self.rng.normal(size=4).astype(np.float32), 1.0, self.t > 8, False, {}


class Policy(nn.Module):
    def __init__(self, s_size=4, h_size=16, a_size=2):
        super().__init__()
        self.fc1 = nn.Linear(s_size, h_size)
        self.fc2 = nn.Linear(h_size, a_size)

    def forward(self, x):
        x = torch.relu(self.fc1(x))
        return torch.softmax(self.fc2(x), dim=1)

    def act(self, state):
        state = torch.from_numpy(state).float().unsqueeze(0)
        probs = self.forward(state)
        m = Categorical(probs)
        action = m.sample()
        return action.item(), m.log_prob(action)


def run_episode(max_t=20, gamma=0.99):
    env = CartPole()
    policy = Policy()
    optimizer = torch.optim.Adam(policy.parameters(), lr=1e-2)
    log_probs, rewards = [], []
    state = env.reset()
    for t in range(max_t):
        action, log_prob = policy.act(state)
        log_probs.append(log_prob)
        state, reward, terminated, truncated, _ = env.step(action)
        rewards.append(reward)
        if terminated or truncated:
            break
    R = sum(gamma ** i * r for i, r in enumerate(rewards))
    loss = torch.cat([-lp * R for lp in log_probs]).sum()
    optimizer.zero_grad()
    loss.backward()
    optimizer.step()


if __name__ == "__main__":
    run_episode()
