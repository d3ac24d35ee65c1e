import torch
import torch.nn as nn
import torch.nn.functional as F


class QNet(nn.Module):
    """FrozenLake"""

    def __init__(self, n_states=16, n_actions=4):
        super(QNet, self).__init__()
        self.n_states = n_states
        self.fc1 = nn.Linear(n_states, 32)
        self.fc2 = nn.Linear(32, n_actions)

    def forward(self, state):
        x = F.one_hot(state, self.n_states)
        x = F.relu(self.fc1(x))
        return self.fc2(x)
