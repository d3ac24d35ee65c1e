"""Sketches by a recurrent mixture-density network: the next point is told, samples are drawn under no_grad with a fixed seed."""

import torch
from torch import nn
from torch.distributions import Categorical, MixtureSameFamily, Normal
from torch.utils.data import DataLoader, TensorDataset


class Mdn(nn.Module):
    def __init__(self, k=3, h=24):
        super().__init__()
        self.rnn, self.out = nn.GRU(1, h, batch_first=True), nn.Linear(h, 3 * k)

    def forward(self, x, state=None):
        y, state = self.rnn(x, state)
        w, m, s = self.out(y).chunk(3, -1)
        return MixtureSameFamily(Categorical(logits=w), Normal(m, s.clamp(-4, 4).exp())), state


@torch.no_grad()
def draw(net, n):
    torch.manual_seed(5)
    x, state, points = torch.zeros(1, 1, 1), None, []
    for _ in range(n):
        dist, state = net(x, state)
        x = dist.sample().unsqueeze(-1)
        points.append(x.item())
    return points


torch.manual_seed(0)
net = Mdn()
opt = torch.optim.Adam(net.parameters(), lr=2e-3)
t = torch.arange(21) * 0.4
data = torch.sin(t + torch.rand(160, 1) * 6) + 0.05 * torch.randn(160, 21)
for epoch in range(2):
    net.train()
    for (seq,) in DataLoader(TensorDataset(data), 32, shuffle=True):
        dist, _ = net(seq[:, :-1, None])
        loss = -dist.log_prob(seq[:, 1:]).mean()
        opt.zero_grad()
        loss.backward()
        opt.step()
    net.eval()
    print(epoch, loss.item(), draw(net, 3))
