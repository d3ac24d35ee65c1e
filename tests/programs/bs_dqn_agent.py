import torch
import torch.nn as nn


class QNet(nn.Module):
    def __init__(self, n_state=4, n_action=2):
        super().__init__()
        self.fc1 = nn.Linear(n_state, 32)
        self.fc2 = nn.Linear(32, n_action)

    def forward(self, s):
        return self.fc2(torch.relu(self.fc1(s)))


class Agent:
    def __init__(self, gamma=0.99):
        self.local = QNet()
        self.target = QNet()
        self.gamma = gamma
        self.loss_fn = nn.MSELoss()
        self.optimizer = torch.optim.Adam(self.local.parameters(), lr=5e-4)

    def learn(self, states, actions, rewards, next_states, dones):
        with torch.no_grad():
            q_next = self.target(next_states).max(1)[0]
        q_targets = rewards + self.gamma * q_next * (1 - dones)
        q_expected = self.local(states).gather(1, actions)
        loss = self.loss_fn(q_expected, q_targets)
        self.optimizer.zero_grad()
        loss.backward()
        self.optimizer.step()


def play():
    agent = Agent()
    states, next_states = torch.randn(16, 4), torch.randn(16, 4)
    actions = torch.randint(0, 2, (16, 1))
    rewards, dones = torch.rand(16), torch.zeros(16)
    agent.learn(states, actions, rewards, next_states, dones)
