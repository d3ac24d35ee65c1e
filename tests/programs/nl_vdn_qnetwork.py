import copy
import torch
import torch.nn as nn
import torch.nn.functional as F


class CNN(nn.Module):
    def __init__(self, cin, width=32):
        super().__init__()
        self.c1 = nn.Conv2d(cin, width, 5, padding=2)
        self.c2 = nn.Conv2d(width, width, 3, padding=1)
        self.c3 = nn.Conv2d(width, width, 3)
        self.dense = nn.Linear(width * 3 * 3, 64)

    def forward(self, x):
        x = F.relu(self.c1(x))
        x = F.relu(self.c2(x))
        x = F.relu(self.c3(x))
        return F.relu(self.dense(x.flatten(1)))


class QNetwork(nn.Module):
    def __init__(self, cin=26, hidden=64, action_dim=6):
        super().__init__()
        self.cnn = CNN(cin)
        self.fc1 = nn.Linear(64, hidden)
        self.fc2 = nn.Linear(hidden, action_dim)

    def forward(self, x):
        x = self.cnn(x)
        x = self.fc1(x)
        q = self.fc2(x)
        return q


def td_step(gamma=0.99):
    net = QNetwork()
    target = copy.deepcopy(net)
    opt = torch.optim.Adam(net.parameters(), lr=5e-4)
    agents = ("agent_0", "agent_1")
    obs = {a: torch.rand(8, 26, 5, 5) for a in agents}
    nxt = {a: torch.rand(8, 26, 5, 5) for a in agents}
    act = {a: torch.randint(0, 6, (8, 1)) for a in agents}
    chosen = sum(net(obs[a]).gather(1, act[a]).squeeze(1) for a in agents)
    with torch.no_grad():
        best = sum(target(nxt[a]).max(1).values for a in agents)
    loss = F.mse_loss(chosen, torch.rand(8) + gamma * best)
    opt.zero_grad()
    loss.backward()
    opt.step()
    return loss.item()


if __name__ == "__main__":
    td_step()
