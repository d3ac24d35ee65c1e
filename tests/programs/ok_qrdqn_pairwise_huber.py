import torch
import torch.nn as nn
import torch.nn.functional as F


class QuantileNet(nn.Module):
    def __init__(self, obs=4, actions=2, n=25, hidden=64):
        super().__init__()
        self.actions, self.n = actions, n
        self.body = nn.Sequential(nn.Linear(obs, hidden), nn.ReLU(), nn.Linear(hidden, hidden), nn.ReLU())
        self.out = nn.Linear(hidden, actions * n)
        self.register_buffer("tau", (torch.arange(n) + 0.5) / n)

    def forward(self, x):
        return self.out(self.body(x)).view(-1, self.actions, self.n)

    def act(self, x, eps=0.05):
        if torch.rand(()) < eps:
            return torch.randint(self.actions, (x.size(0),))
        return self(x).mean(-1).argmax(-1)


def update(batch=8, gamma=0.99):
    net, target = QuantileNet(), QuantileNet()
    target.load_state_dict(net.state_dict())
    opt = torch.optim.Adam(net.parameters(), lr=5e-4)
    obs, nxt = torch.randn(batch, 4), torch.randn(batch, 4)
    act = net.act(obs)
    rew, done = torch.randn(batch), torch.zeros(batch)

    theta = net(obs)[torch.arange(batch), act]                          # (B, N)
    with torch.no_grad():
        z = target(nxt)
        best = z.mean(-1).argmax(-1)
        z = rew[:, None] + gamma * (1 - done[:, None]) * z[torch.arange(batch), best]
    # every quantile against every target sample: (B, N, 1) and (B, 1, N)
    delta = z.unsqueeze(1) - theta.unsqueeze(2)
    huber = torch.where(delta.abs() <= 1, 0.5 * delta.pow(2), delta.abs() - 0.5)
    loss = (torch.abs(net.tau.view(1, -1, 1) - (delta.detach() < 0).float()) * huber).sum(1).mean()
    opt.zero_grad()
    loss.backward()
    torch.nn.utils.clip_grad_norm_(net.parameters(), 10)
    opt.step()
    return loss.item()


if __name__ == "__main__":
    print(update())
