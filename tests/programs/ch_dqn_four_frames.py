import torch
import torch.nn as nn


class DuelingDQN(nn.Module):
    def __init__(self, in_channels=4, num_actions=6):
        super().__init__()
        self.features = nn.Sequential(
            nn.Conv2d(in_channels, 32, 8, stride=4), nn.ReLU(),
            nn.Conv2d(32, 64, 4, stride=2), nn.ReLU(),
            nn.Conv2d(64, 64, 3), nn.ReLU(), nn.Flatten(),
        )
        self.adv = nn.Sequential(nn.Linear(7 * 7 * 64, 32), nn.ReLU(), nn.Linear(32, num_actions))
        self.val = nn.Sequential(nn.Linear(7 * 7 * 64, 32), nn.ReLU(), nn.Linear(32, 1))

    def forward(self, x):
        h = self.features(x)
        adv, val = self.adv(h), self.val(h)
        return val + adv - adv.mean(1, keepdim=True)
