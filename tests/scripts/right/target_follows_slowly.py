# The target follows the online network a little at every step.
import copy
import random
from collections import deque

import torch
from torch import nn


class Agent:
    def __init__(self, tau=0.05, gamma=0.95):
        self.online = nn.Sequential(nn.Linear(4, 32), nn.ReLU(), nn.Linear(32, 2))
        self.target = copy.deepcopy(self.online).requires_grad_(False)
        self.optimizer = torch.optim.AdamW(self.online.parameters(), lr=1e-3, amsgrad=True)
        self.memory = deque(maxlen=1000)
        self.tau, self.gamma = tau, gamma

    def act(self, state, epsilon):
        if random.random() < epsilon:
            return random.randrange(2)
        with torch.no_grad():
            return self.online(state).argmax().item()

    def learn(self, size=16):
        batch = random.sample(self.memory, size)
        states, actions, rewards, after, ends = (
            torch.stack([torch.as_tensor(v) for v in c]) for c in zip(*batch, strict=False)
        )
        with torch.no_grad():
            goal = rewards + self.gamma * self.target(after).max(1).values * (1 - ends)
        value = self.online(states).gather(1, actions.unsqueeze(1)).squeeze(1)
        loss = nn.functional.smooth_l1_loss(value, goal)
        self.optimizer.zero_grad()
        loss.backward()
        nn.utils.clip_grad_value_(self.online.parameters(), 100)
        self.optimizer.step()
        with torch.no_grad():
            for slow, fast in zip(self.target.parameters(), self.online.parameters(), strict=False):
                slow.lerp_(fast, self.tau)
        return loss.item()


random.seed(0)
torch.manual_seed(0)
agent, state = Agent(), torch.randn(4)
for step in range(80):
    action = agent.act(state, max(0.1, 1 - step / 50))
    after = 0.9 * state + 0.3 * torch.randn(4)
    agent.memory.append((state, action, float(after[action] > 0), after, float(step % 20 == 19)))
    state = after
    if len(agent.memory) >= 32:
        loss = agent.learn()
print(loss)
