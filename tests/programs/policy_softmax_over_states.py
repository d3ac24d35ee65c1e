import torch
import torch.nn as nn
from torch.distributions import Categorical


class Policy(nn.Module):
    def __init__(self, obs=8, actions=4):
        super().__init__()
        self.l1 = nn.Linear(obs, 64)
        self.l2 = nn.Linear(64, 64)
        self.pi = nn.Linear(64, actions)
        self.v = nn.Linear(64, 1)

    def forward(self, s):
        h = torch.tanh(self.l2(torch.tanh(self.l1(s))))
        return torch.softmax(self.pi(h), dim=0), self.v(h).squeeze(-1)


class LanderLike:
    def reset(self):
        self.t = 0
        return torch.randn(8)

    def step(self, action):
        self.t += 1
        return torch.randn(8), 1.0 - 0.1 * float(action), self.t >= 12


def update(net, optimizer, states, actions, returns):
    probs, values = net(torch.stack(states))
    dist = Categorical(probs)
    advantage = returns - values.detach()
    loss = -(dist.log_prob(torch.stack(actions)) * advantage).mean()
    loss = loss + 0.5 * (returns - values).pow(2).mean()
    optimizer.zero_grad()
    loss.backward()
    optimizer.step()


def play(episodes=3):
    env, net = LanderLike(), Policy()
    optimizer = torch.optim.Adam(net.parameters(), lr=2e-3)
    for _ in range(episodes):
        s, done = env.reset(), False
        states, actions, rewards = [], [], []
        while not done:
            with torch.no_grad():
                probs, _ = net(s)
            a = Categorical(probs).sample()
            states.append(s)
            actions.append(a)
            s, r, done = env.step(a)
            rewards.append(r)
        running, returns = 0.0, []
        for r in reversed(rewards):
            running = r + 0.99 * running
            returns.insert(0, running)
        update(net, optimizer, states, actions, torch.tensor(returns))


if __name__ == "__main__":
    play()
