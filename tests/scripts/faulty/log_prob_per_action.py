# finds: loss-broadcast
import torch
import torch.nn as nn
import torch.nn.functional as F
from torch.distributions import Normal


class PolicyNetContinuous(nn.Module):
    def __init__(self, state_dim, hidden_dim, action_dim):
        super().__init__()
        self.fc1 = nn.Linear(state_dim, hidden_dim)
        self.fc_mu = nn.Linear(hidden_dim, action_dim)
        self.fc_std = nn.Linear(hidden_dim, action_dim)

    def forward(self, x):
        x = F.relu(self.fc1(x))
        mu = self.fc_mu(x)
        std = F.softplus(self.fc_std(x))
        dist = Normal(mu, std)
        normal_sample = dist.rsample()
        log_prob = dist.log_prob(normal_sample)
        action = torch.tanh(normal_sample)
        log_prob = log_prob - torch.log(1 - action.pow(2) + 1e-7)
        return action, log_prob


class QValueNetContinuous(nn.Module):
    def __init__(self, state_dim, hidden_dim, action_dim):
        super().__init__()
        self.fc1 = nn.Linear(state_dim + action_dim, hidden_dim)
        self.fc2 = nn.Linear(hidden_dim, hidden_dim)
        self.fc_out = nn.Linear(hidden_dim, 1)

    def forward(self, x, a):
        x = F.relu(self.fc1(torch.cat([x, a], dim=1)))
        return self.fc_out(F.relu(self.fc2(x)))


class SACWalker:
    def __init__(self, state_dim=24, hidden_dim=32, action_dim=4, gamma=0.98):
        self.actor = PolicyNetContinuous(state_dim, hidden_dim, action_dim)
        self.critic_1 = QValueNetContinuous(state_dim, hidden_dim, action_dim)
        self.critic_2 = QValueNetContinuous(state_dim, hidden_dim, action_dim)
        self.target_1 = QValueNetContinuous(state_dim, hidden_dim, action_dim)
        self.target_2 = QValueNetContinuous(state_dim, hidden_dim, action_dim)
        self.target_1.load_state_dict(self.critic_1.state_dict())
        self.target_2.load_state_dict(self.critic_2.state_dict())
        self.actor_optimizer = torch.optim.Adam(self.actor.parameters(), lr=1e-4)
        self.critic_1_optimizer = torch.optim.Adam(self.critic_1.parameters(), lr=1e-3)
        self.critic_2_optimizer = torch.optim.Adam(self.critic_2.parameters(), lr=1e-3)
        self.gamma, self.alpha = gamma, 0.2

    def calc_target(self, rewards, next_states, dones):
        next_actions, log_prob = self.actor(next_states)
        entropy = -log_prob
        q1_value = self.target_1(next_states, next_actions)
        q2_value = self.target_2(next_states, next_actions)
        next_value = torch.min(q1_value, q2_value) + self.alpha * entropy
        return rewards + self.gamma * next_value * (1 - dones)

    def update(self, states, actions, rewards, next_states, dones):
        td_target = self.calc_target(rewards, next_states, dones)
        critic_1_loss = torch.mean(F.mse_loss(self.critic_1(states, actions), td_target.detach()))  # here
        critic_2_loss = torch.mean(F.mse_loss(self.critic_2(states, actions), td_target.detach()))
        self.critic_1_optimizer.zero_grad()
        critic_1_loss.backward()
        self.critic_1_optimizer.step()
        self.critic_2_optimizer.zero_grad()
        critic_2_loss.backward()
        self.critic_2_optimizer.step()

        new_actions, log_prob = self.actor(states)
        q = torch.min(self.critic_1(states, new_actions), self.critic_2(states, new_actions))
        actor_loss = torch.mean(self.alpha * log_prob - q)
        self.actor_optimizer.zero_grad()
        actor_loss.backward()
        self.actor_optimizer.step()


def walk():
    agent = SACWalker()
    for _ in range(3):
        agent.update(
            torch.randn(64, 24),
            torch.rand(64, 4) * 2 - 1,
            torch.randn(64, 1),
            torch.randn(64, 24),
            torch.zeros(64, 1),
        )


torch.manual_seed(0)
walk()
