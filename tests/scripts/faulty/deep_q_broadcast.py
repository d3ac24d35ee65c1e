# finds: loss-broadcast
import random
from collections import deque

import torch
import torch.nn.functional as F
from torch import nn


class QNet(nn.Module):
    def __init__(self, obs, act):
        super().__init__()
        self.net = nn.Sequential(nn.Linear(obs, 32), nn.ReLU(), nn.Linear(32, act))

    def forward(self, s):
        return self.net(s)


class Agent:
    def __init__(self, obs=4, act=2, gamma=0.98):
        self.q, self.target = QNet(obs, act), QNet(obs, act)
        self.target.load_state_dict(self.q.state_dict())
        self.opt = torch.optim.Adam(self.q.parameters(), lr=1e-3)
        self.memory, self.gamma, self.act = deque(maxlen=500), gamma, act

    def policy(self, s, eps=0.2):
        if random.random() < eps:
            return random.randrange(self.act)
        with torch.no_grad():
            return int(self.q(s[None]).argmax())

    def learn(self, n=32):
        s, a, r, s2, done = (torch.stack(v) for v in zip(*random.sample(self.memory, n), strict=False))
        q = self.q(s).gather(1, a.unsqueeze(1))
        with torch.no_grad():
            y = r + self.gamma * self.target(s2).max(1).values * (1 - done)
        loss = F.smooth_l1_loss(q, y)  # here
        self.opt.zero_grad()
        loss.backward()
        self.opt.step()
        return loss.item()


random.seed(0)
torch.manual_seed(0)
agent = Agent()
state = torch.randn(4)
for t in range(80):
    action = agent.policy(state)
    nxt = 0.9 * state + 0.1 * torch.randn(4) + (0.1 if action else -0.1)
    done = float(t % 20 == 19)
    agent.memory.append(
        (state, torch.tensor(action), torch.tensor(-nxt.abs().sum().item()), nxt, torch.tensor(done))
    )
    state = torch.randn(4) if done else nxt
    if len(agent.memory) > 40:
        agent.learn()
    if t % 30 == 0:
        agent.target.load_state_dict(agent.q.state_dict())
