"""The target comes from a second network, whose gradient is computed and not used; a critic beside it holds its own target fixed."""

import copy

import torch
from torch import nn

torch.manual_seed(0)
gamma = 0.9
q = nn.Sequential(nn.Linear(4, 32), nn.ReLU(), nn.Linear(32, 3))
slow = copy.deepcopy(q)
critic = nn.Sequential(nn.Linear(4, 32), nn.Tanh(), nn.Linear(32, 1))
q_optimizer = torch.optim.Adam(q.parameters(), lr=1e-3)
critic_optimizer = torch.optim.Adam(critic.parameters(), lr=1e-3)
states, followers = torch.randn(200, 4), torch.randn(200, 4)
actions, rewards = torch.randint(0, 3, (200,)), torch.randn(200)
for step in range(12):
    rows = torch.randint(0, 200, (32,))
    target = rewards[rows] + gamma * slow(followers[rows]).max(1).values
    loss = nn.functional.mse_loss(q(states[rows]).gather(1, actions[rows, None]).squeeze(1), target)
    q_optimizer.zero_grad()
    loss.backward()
    q_optimizer.step()

    value, following = critic(states[rows]).squeeze(1), critic(followers[rows]).squeeze(1)
    difference = rewards[rows] + gamma * following.detach() - value
    critic_optimizer.zero_grad()
    difference.pow(2).mean().backward()
    critic_optimizer.step()
    if step % 4 == 3:
        slow.load_state_dict(q.state_dict())
print(loss.item())
