import torch
import torch.nn as nn
import torch.nn.functional as F


class TwoTower(nn.Module):
    def __init__(self):
        super().__init__()
        self.image = nn.Linear(12, 16)
        self.text = nn.Linear(20, 16)
        self.scale = nn.Parameter(torch.tensor(2.0))

    def forward(self, a, b):
        a = F.normalize(self.image(a), dim=-1)
        b = F.normalize(self.text(b), dim=-1)
        return self.scale.exp() * a @ b.t()


def main():
    net = TwoTower()
    logits = net(torch.rand(6, 12), torch.rand(6, 20))
    labels = torch.arange(6)
    loss = (F.cross_entropy(logits, labels) + F.cross_entropy(logits.t(), labels)) / 2
    loss.backward()
