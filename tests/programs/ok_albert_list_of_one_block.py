import torch
from torch import nn


class UpdateBlock(nn.Module):
    """the same weights at every step, as in RAFT"""

    def __init__(self, dim):
        super().__init__()
        self.z = nn.Conv2d(2 * dim, dim, 3, padding=1)
        self.q = nn.Conv2d(2 * dim, dim, 3, padding=1)
        self.flow = nn.Conv2d(dim, 2, 3, padding=1)

    def forward(self, h, x):
        hx = torch.cat([h, x], 1)
        z = torch.sigmoid(self.z(hx))
        h = (1 - z) * h + z * torch.tanh(self.q(hx))
        return h, self.flow(h)


class Refiner(nn.Module):
    def __init__(self, dim=16, steps=4):
        super().__init__()
        self.context = nn.Conv2d(2, dim, 3, padding=1)
        self.embed = nn.Conv2d(2, dim, 3, padding=1)
        self.update = UpdateBlock(dim)
        self.steps = steps

    def forward(self, pair):
        h = torch.tanh(self.context(pair))
        flow = torch.zeros_like(pair)
        history = []
        for _ in range(self.steps):
            flow = flow.detach()
            h, delta = self.update(h, self.embed(pair - flow))
            flow = flow + delta
            history.append(flow)
        return history if self.training else flow


if __name__ == "__main__":
    print(len(Refiner()(torch.rand(1, 2, 24, 24))))
