import torch
import torch.nn as nn
import torch.nn.functional as F


class DQN(nn.Module):
    def __init__(self, n_actions: int = 6):
        super(DQN, self).__init__()
        self.conv1 = nn.Conv2d(4, 32, kernel_size=8, stride=4)
        self.conv2 = nn.Conv2d(32, 64, kernel_size=4, stride=2)
        self.conv3 = nn.Conv2d(64, 64, kernel_size=3, stride=1)
        self.flat_size = 64 * 7 * 7
        self.fc1 = nn.Linear(self.flat_size, 128)
        self.fc2 = nn.Linear(128, n_actions)

    def forward(self, state):
        state = state / 255.0
        state = F.relu(self.conv1(state))
        state = F.relu(self.conv2(state))
        state = F.relu(self.conv3(state))
        state = state.view(-1, self.flat_size)
        state = F.relu(self.fc1(state))
        return self.fc2(state)


def replay():
    policy_net = DQN(4)
    batch = torch.randint(0, 256, (32, 4, 96, 96)).float()
    q = policy_net(batch)
    return q.gather(1, torch.zeros(32, 1, dtype=torch.long))


if __name__ == "__main__":
    replay()
