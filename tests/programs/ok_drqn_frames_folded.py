import torch
import torch.nn as nn


class DRQN(nn.Module):
    def __init__(self, actions=4):
        super().__init__()
        self.conv = nn.Sequential(
            nn.Conv2d(1, 16, 8, stride=4), nn.ReLU(),
            nn.Conv2d(16, 32, 4, stride=2), nn.ReLU(),
        )
        self.gru = nn.GRU(32 * 9 * 9, 64, batch_first=True)
        self.q = nn.Linear(64, actions)

    def forward(self, obs, h=None):
        B, T = obs.shape[:2]
        f = self.conv(obs.reshape(B * T, *obs.shape[2:]))
        f = f.view(B, T, -1)
        out, h = self.gru(f, h)
        return self.q(out), h


if __name__ == "__main__":
    obs = torch.rand(3, 5, 1, 84, 84)
    q, h = DRQN()(obs)
    print(q.shape, h.shape)
