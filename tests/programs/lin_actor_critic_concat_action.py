import torch
import torch.nn as nn


class Actor(nn.Module):
    def __init__(self, state_dim, action_dim, max_action=1.0):
        super().__init__()
        self.net = nn.Sequential(
            nn.Linear(state_dim, 64),
            nn.ReLU(),
            nn.Linear(64, action_dim),
            nn.Tanh(),
        )
        self.max_action = max_action

    def forward(self, s):
        return self.max_action * self.net(s)


class Critic(nn.Module):
    def __init__(self, state_dim, action_dim):
        super().__init__()
        self.l1 = nn.Linear(state_dim, 64)
        self.l2 = nn.Linear(64, 64)
        self.l3 = nn.Linear(64, 1)

    def forward(self, s, a):
        q = torch.relu(self.l1(torch.cat([s, a], 1)))
        q = torch.relu(self.l2(q))
        return self.l3(q)


def main():
    actor, critic = Actor(8, 2), Critic(8, 2)
    critic_opt = torch.optim.Adam(critic.parameters(), lr=1e-3)
    s, a, r, s2 = torch.randn(16, 8), torch.rand(16, 2), torch.rand(16, 1), torch.randn(16, 8)
    for _ in range(3):
        with torch.no_grad():
            target = r + 0.99 * critic(s2, actor(s2))
        loss = nn.functional.mse_loss(critic(s, a), target)
        critic_opt.zero_grad()
        loss.backward()
        critic_opt.step()


if __name__ == "__main__":
    main()
