import torch
import torch.nn as nn
import torch.nn.functional as F


class DepthDQN(nn.Module):
    def __init__(self, num_actions=5):
        super().__init__()
        self.conv1 = nn.Conv2d(4, 16, kernel_size=8, stride=4)
        self.conv2 = nn.Conv2d(16, 32, kernel_size=4, stride=2)
        self.conv3 = nn.Conv2d(32, 32, kernel_size=3, stride=2)
        self.fc_state = nn.Linear(2, 64)
        self.fc_1 = nn.Linear(128, 256)
        self.out = nn.Linear(256, num_actions)

    def forward(self, depth, target):
        x1 = F.relu(self.conv1(depth))
        x1 = F.relu(self.conv2(x1))
        x1 = F.relu(self.conv3(x1))
        x1 = x1.reshape(x1.size(0), -1)
        x2 = F.relu(self.fc_state(target))
        x_merge = torch.cat((x1, x2), dim=1)
        return self.out(F.relu(self.fc_1(x_merge)))
