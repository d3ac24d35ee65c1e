import random
from collections import deque

import torch
from torch import nn, optim


class ReachEnv:
    """Point mass that has to reach a goal; observation and goal come separately, as in goal-conditioned gyms."""

    n_obs = 4          # x, y, vx, vy
    n_goal = 2         # gx, gy
    n_actions = 5

    def reset(self):
        self.t = 0
        self.state = torch.zeros(self.n_obs)
        self.goal = torch.rand(self.n_goal) * 2 - 1
        return self._observe()

    def _observe(self):
        return torch.cat([self.state, self.goal])

    def step(self, action):
        push = torch.tensor([[0.0, 0.0], [0.1, 0.0], [-0.1, 0.0], [0.0, 0.1], [0.0, -0.1]])[action]
        self.state[2:] += push
        self.state[:2] += self.state[2:]
        self.t += 1
        dist = (self.state[:2] - self.goal).norm().item()
        return self._observe(), -dist, dist < 0.1 or self.t >= 10


class QNet(nn.Module):
    def __init__(self, n_in, n_out, hidden=32):
        super().__init__()
        self.body = nn.Sequential(nn.Linear(n_in, hidden), nn.ReLU(), nn.Linear(hidden, hidden), nn.ReLU())
        self.q = nn.Linear(hidden, n_out)

    def forward(self, s):
        return self.q(self.body(s))


class Agent:
    def __init__(self, env, gamma=0.98, eps=0.3):
        self.env, self.gamma, self.eps = env, gamma, eps
        self.online = QNet(env.n_obs, env.n_actions)
        self.target = QNet(env.n_obs, env.n_actions)
        self.target.load_state_dict(self.online.state_dict())
        self.opt = optim.Adam(self.online.parameters(), lr=1e-3)
        self.memory = deque(maxlen=500)

    def act(self, s):
        if random.random() < self.eps:
            return random.randrange(self.env.n_actions)
        with torch.no_grad():
            return self.online(s.unsqueeze(0)).argmax(dim=1).item()

    def learn(self, batch_size=8):
        if len(self.memory) < batch_size:
            return
        s, a, r, s2, d = zip(*random.sample(self.memory, batch_size))
        s, s2 = torch.stack(s), torch.stack(s2)
        a, r, d = torch.tensor(a), torch.tensor(r), torch.tensor(d, dtype=torch.float32)
        q = self.online(s).gather(1, a.unsqueeze(1)).squeeze(1)
        with torch.no_grad():
            y = r + self.gamma * (1 - d) * self.target(s2).max(dim=1).values
        loss = nn.functional.smooth_l1_loss(q, y)
        self.opt.zero_grad()
        loss.backward()
        self.opt.step()


def train(episodes=3):
    env = ReachEnv()
    agent = Agent(env)
    for _ in range(episodes):
        s, done = env.reset(), False
        while not done:
            a = agent.act(s)
            s2, r, done = env.step(a)
            agent.memory.append((s, a, r, s2, done))
            agent.learn()
            s = s2
