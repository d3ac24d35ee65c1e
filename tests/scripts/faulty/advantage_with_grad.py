# finds: advantage-with-gradient
import torch
from torch import nn
from torch.distributions import Categorical


class ActorCritic(nn.Module):
    def __init__(self):
        super().__init__()
        self.body = nn.Sequential(nn.Linear(5, 32), nn.Tanh())
        self.actor, self.critic = nn.Linear(32, 3), nn.Linear(32, 1)

    def forward(self, state):
        h = self.body(state)
        return Categorical(logits=self.actor(h)), self.critic(h).squeeze(-1)


def rollout(net, length=24):
    states, actions, rewards = [], [], []
    state = torch.randn(5)
    for _ in range(length):
        with torch.no_grad():
            distribution, _ = net(state)
        action = distribution.sample()
        states.append(state)
        actions.append(action)
        rewards.append(float(state[int(action)]))
        state = 0.8 * state + 0.6 * torch.randn(5)
    return torch.stack(states), torch.stack(actions), rewards


def discounted(rewards, gamma=0.9):
    total, out = 0.0, []
    for reward in reversed(rewards):
        total = reward + gamma * total
        out.append(total)
    return torch.tensor(out[::-1])


def losses(net, states, actions, returns):
    distribution, values = net(states)
    advantage = returns - values
    policy = -(distribution.log_prob(actions) * advantage).mean()  # here
    value = advantage.pow(2).mean()
    return policy + 0.5 * value - 0.01 * distribution.entropy().mean()


torch.manual_seed(0)
net = ActorCritic()
optimizer = torch.optim.Adam(net.parameters(), lr=3e-3)
for _ in range(8):
    states, actions, rewards = rollout(net)
    loss = losses(net, states, actions, discounted(rewards))
    optimizer.zero_grad()
    loss.backward()
    optimizer.step()
print(loss.item())
