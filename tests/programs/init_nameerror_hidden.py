import torch
import torch.nn as nn


class QNet(nn.Module):
    def __init__(self, state_dim=4, action_dim=2, hidden_size=32):
        super(QNet, self).__init__()
        self.fc1 = nn.Linear(state_dim, hidden_size)
        self.fc2 = nn.Linear(hidden_size, hiden_size)
        self.fc3 = nn.Linear(hidden_size, action_dims)

    def forward(self, s):
        s = torch.relu(self.fc1(s))
        s = torch.relu(self.fc2(s))
        return self.fc3(s)
