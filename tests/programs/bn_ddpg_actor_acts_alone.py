"""DDPG with batch norm, after the paper's appendix."""
import copy

import torch
import torch.nn as nn
import torch.nn.functional as F


class Actor(nn.Module):
    def __init__(self, state_dim, action_dim, max_action):
        super().__init__()
        self.l1 = nn.Linear(state_dim, 40)
        self.bn1 = nn.BatchNorm1d(40)
        self.l2 = nn.Linear(40, 30)
        self.bn2 = nn.BatchNorm1d(30)
        self.l3 = nn.Linear(30, action_dim)
        self.max_action = max_action

    def forward(self, s):
        s = F.relu(self.bn1(self.l1(s)))
        s = F.relu(self.bn2(self.l2(s)))
        return self.max_action * torch.tanh(self.l3(s))


class Critic(nn.Module):
    def __init__(self, state_dim, action_dim):
        super().__init__()
        self.l1 = nn.Linear(state_dim, 40)
        self.l2 = nn.Linear(40 + action_dim, 30)
        self.l3 = nn.Linear(30, 1)

    def forward(self, s, a):
        q = F.relu(self.l1(s))
        q = F.relu(self.l2(torch.cat([q, a], 1)))
        return self.l3(q)


class DDPG:
    def __init__(self, state_dim=3, action_dim=1, max_action=2.0):
        self.actor = Actor(state_dim, action_dim, max_action)
        self.actor_target = copy.deepcopy(self.actor)
        self.critic = Critic(state_dim, action_dim)
        self.critic_target = copy.deepcopy(self.critic)
        self.actor_opt = torch.optim.Adam(self.actor.parameters(), lr=1e-4)
        self.critic_opt = torch.optim.Adam(self.critic.parameters(), lr=1e-3)

    def select_action(self, state):
        state = torch.FloatTensor(state).reshape(1, -1)
        with torch.no_grad():
            action = self.actor(state)
        return action.flatten().tolist()

    def train(self, s, a, r, s2, gamma=0.99):
        with torch.no_grad():
            y = r + gamma * self.critic_target(s2, self.actor_target(s2))
        critic_loss = F.mse_loss(self.critic(s, a), y)
        self.critic_opt.zero_grad()
        critic_loss.backward()
        self.critic_opt.step()
        actor_loss = -self.critic(s, self.actor(s)).mean()
        self.actor_opt.zero_grad()
        actor_loss.backward()
        self.actor_opt.step()


def pendulum():
    agent = DDPG()
    states, actions, rewards, following = [], [], [], []
    state = [1.0, 0.0, 0.0]
    for step in range(40):
        action = agent.select_action(state)
        new = [state[0] * 0.99, state[1] + 0.01, 0.1 * action[0]]
        states.append(state)
        actions.append(action)
        rewards.append([-abs(new[1])])
        following.append(new)
        state = new
        if step >= 16:
            pick = torch.randint(0, len(states), (16,))
            batch = [torch.tensor(x)[pick] for x in (states, actions, rewards, following)]
            agent.train(*batch)
