import random
from collections import deque, namedtuple

import numpy as np
import torch
import torch.nn as nn
import torch.nn.functional as F

Experience = namedtuple("Experience", ["state", "action", "reward", "next_state", "done"])


class QNetwork(nn.Module):
    def __init__(self, state_size=8, action_size=4, fc1=64, fc2=64):
        super().__init__()
        self.fc1 = nn.Linear(state_size, fc1)
        self.fc2 = nn.Linear(fc1, fc2)
        self.fc3 = nn.Linear(fc2, action_size)

    def forward(self, state):
        x = F.relu(self.fc1(state))
        return self.fc3(F.relu(self.fc2(x)))


class ReplayBuffer:
    def __init__(self, size, batch_size):
        self.memory = deque(maxlen=size)
        self.batch_size = batch_size

    def add(self, *e):
        self.memory.append(Experience(*e))

    def sample(self):
        es = random.sample(self.memory, k=self.batch_size)
        states = torch.from_numpy(np.vstack([e.state for e in es])).float()
        actions = torch.from_numpy(np.array([e.action for e in es])).long()
        rewards = torch.from_numpy(np.vstack([e.reward for e in es])).float()
        next_states = torch.from_numpy(np.vstack([e.next_state for e in es])).float()
        dones = torch.from_numpy(np.vstack([e.done for e in es]).astype(np.uint8)).float()
        return states, actions, rewards, next_states, dones


class Agent:
    def __init__(self, gamma=0.99):
        self.gamma = gamma
        self.local, self.target = QNetwork(), QNetwork()
        self.optimizer = torch.optim.Adam(self.local.parameters(), lr=5e-4)
        self.memory = ReplayBuffer(1000, 32)

    def learn(self):
        states, actions, rewards, next_states, dones = self.memory.sample()
        q_next = self.target(next_states).detach().max(1)[0].unsqueeze(1)
        q_targets = rewards + self.gamma * q_next * (1 - dones)
        q_expected = self.local(states).gather(1, actions)
        loss = F.mse_loss(q_expected, q_targets)
        self.optimizer.zero_grad()
        loss.backward()
        self.optimizer.step()
        return loss.item()


def optimise():
    agent = Agent()
    rng = np.random.default_rng(1)
    for _ in range(64):
        agent.memory.add(rng.normal(size=8), int(rng.integers(4)), rng.normal(), rng.normal(size=8), False)
    agent.learn()


if __name__ == "__main__":
    optimise()
