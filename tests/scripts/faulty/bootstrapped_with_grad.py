# finds: target-with-gradient
"""Deep Q-learning on a small grid of numbers (no gym needed)."""

import random
from collections import deque, namedtuple

import torch
import torch.nn as nn
import torch.nn.functional as F

Transition = namedtuple("Transition", "state action reward next_state done")
random.seed(0)
torch.manual_seed(0)


class Grid:
    size = 4

    def reset(self):
        self.x, self.y, self.steps = 0, 0, 0
        return self.observe()

    def observe(self):
        return torch.tensor([self.x / 3, self.y / 3])

    def step(self, a):
        dx, dy = [(1, 0), (-1, 0), (0, 1), (0, -1)][a]
        self.x = min(max(self.x + dx, 0), self.size - 1)
        self.y = min(max(self.y + dy, 0), self.size - 1)
        self.steps += 1
        won = self.x == self.y == self.size - 1
        return self.observe(), float(won), won or self.steps > 20


class QNet(nn.Module):
    def __init__(self):
        super().__init__()
        self.net = nn.Sequential(nn.Linear(2, 64), nn.ReLU(), nn.Linear(64, 4))

    def forward(self, s):
        return self.net(s)


def learn(q, memory, optimizer, batch_size=32, gamma=0.95):
    batch = Transition(*zip(*random.sample(memory, batch_size), strict=False))
    states, next_states = torch.stack(batch.state), torch.stack(batch.next_state)
    actions = torch.tensor(batch.action).unsqueeze(1)
    rewards, done = torch.tensor(batch.reward), torch.tensor(batch.done, dtype=torch.float32)
    predicted = q(states).gather(1, actions).squeeze(1)
    target = rewards + gamma * (1 - done) * q(next_states).max(dim=1).values  # here
    loss = F.smooth_l1_loss(predicted, target)
    optimizer.zero_grad()
    loss.backward()
    optimizer.step()
    return loss.item()


env, q, memory = Grid(), QNet(), deque(maxlen=2000)
optimizer = torch.optim.Adam(q.parameters(), lr=1e-3)
epsilon = 1.0
for _episode in range(15):
    state, done, score = env.reset(), False, 0.0
    while not done:
        if random.random() < epsilon:
            action = random.randrange(4)
        else:
            with torch.no_grad():
                action = q(state).argmax().item()
        next_state, reward, done = env.step(action)
        memory.append(Transition(state, action, reward, next_state, done))
        state, score = next_state, score + reward
        if len(memory) >= 64:
            learn(q, memory, optimizer)
    epsilon = max(0.1, epsilon * 0.9)
print("last score", score)
