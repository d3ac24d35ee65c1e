import numpy as np
import torch
import torch.nn as nn


class DQN(nn.Module):
    def __init__(self, input_shape=(4, 84, 84), n_actions=6):
        super(DQN, self).__init__()
        self.conv = nn.Sequential(nn.Conv2d(input_shape[0], 32, kernel_size=8, stride=4), nn.ReLU(), nn.Conv2d(32, 64, 4, 2), nn.ReLU())
        self.fc = nn.Sequential(nn.Linear(self._get_conv_out(input_shape), 64), nn.ReLU(), nn.Linear(64, n_actions))

    def _get_conv_out(self, shape):
        o = self.conv(torch.zeros(1, *shape))
        return int(np.prod(o.size()))

    def forward(self, x):
        return self.fc(self.conv(x).view(x.size()[0], -1))
