import torch
import torch.nn as nn


class DuelingDQN(nn.Module):
    def __init__(self, num_actions, frames=4):
        super(DuelingDQN, self).__init__()
        self.features = nn.Sequential(
            nn.Conv2d(frames, 32, kernel_size=8, stride=4),
            nn.ReLU(),
            nn.Conv2d(32, 64, kernel_size=4, stride=2),
            nn.ReLU(),
            nn.Conv2d(64, 64, kernel_size=3, stride=1),
            nn.ReLU(),
            nn.Flatten(),
        )
        self.advantage = nn.Sequential(
            nn.Linear(7 * 7 * 64, 512),
            nn.ReLU(),
            nn.Linear(512, num_actions),
        )
        self.value = nn.Sequential(
            nn.Linear(3136, 512),
            nn.ReLU(),
            nn.Linear(512, 1),
        )

    def forward(self, state):
        x = self.features(state)
        adv = self.advantage(x)
        val = self.value(x)
        return val + adv - adv.mean(dim=1, keepdim=True)


def act(net, state, epsilon=0.1):
    if torch.rand(1).item() < epsilon:
        return torch.randint(0, 6, (1,)).item()
    return net(state.unsqueeze(0)).argmax(1).item()


if __name__ == "__main__":
    net = DuelingDQN(6)
    state = torch.zeros(4, 80, 80)
    print(act(net, state, 0.0))
