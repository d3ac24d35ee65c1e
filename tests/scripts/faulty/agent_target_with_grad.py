# finds: target-with-gradient
import random
from collections import deque

import torch
from torch import nn


class Walk:
    def reset(self):
        self.at = 3
        return self.see()

    def see(self):
        return nn.functional.one_hot(torch.tensor(self.at), 7).float()

    def step(self, action):
        self.at = max(0, min(6, self.at + (1 if action else -1)))
        return self.see(), float(self.at == 6), self.at in (0, 6)


class Agent:
    def __init__(self):
        self.q = nn.Sequential(nn.Linear(7, 32), nn.Tanh(), nn.Linear(32, 2))
        self.optimizer = torch.optim.RMSprop(self.q.parameters(), lr=1e-3)
        self.memory = deque(maxlen=500)

    def act(self, state, epsilon=0.3):
        if random.random() < epsilon:
            return random.randrange(2)
        with torch.no_grad():
            return int(self.q(state[None]).argmax())

    def learn(self, size=32, gamma=0.95):
        if len(self.memory) < size:
            return
        s, a, r, s2, done = map(list, zip(*random.sample(self.memory, size), strict=False))
        s, s2 = torch.stack(s), torch.stack(s2)
        value = self.q(s).gather(1, torch.tensor(a)[:, None]).squeeze(1)
        target = torch.tensor(r) + gamma * self.q(s2).max(1).values * (1 - torch.tensor(done).float())  # here
        loss = nn.functional.smooth_l1_loss(value, target)
        self.optimizer.zero_grad()
        loss.backward()
        self.optimizer.step()


random.seed(0)
torch.manual_seed(0)
agent, world = Agent(), Walk()
for _episode in range(10):
    state, done, t = world.reset(), False, 0
    while not done and t < 30:
        action = agent.act(state)
        after, reward, done = world.step(action)
        agent.memory.append((state, action, reward, after, done))
        agent.learn()
        state, t = after, t + 1
print(len(agent.memory))
