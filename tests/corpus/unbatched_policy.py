import torch
from torch import nn


class Policy(nn.Module):
    def __init__(self, obs=8, actions=4):
        super().__init__()
        self.fc = nn.Linear(obs, 32)
        self.mean = nn.Linear(32, actions)
        self.log_std = nn.Parameter(torch.zeros(actions))

    def forward(self, obs):
        mean = self.mean(torch.tanh(self.fc(obs)))
        return torch.distributions.Normal(mean, self.log_std.exp()).rsample()
