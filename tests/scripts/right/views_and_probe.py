# Two views, itself masked; afterwards a linear probe on the frozen trunk.
import torch
import torch.nn.functional as F
from torch import nn


def view(x):
    return x * (torch.rand_like(x) > 0.1) + 0.1 * torch.randn_like(x)


def nt_xent(a, b, temperature=0.2):
    both = F.normalize(torch.cat([a, b]), dim=1)
    similarity = both @ both.T / temperature
    similarity = similarity.masked_fill(torch.eye(len(both), dtype=torch.bool), float("-inf"))
    n = len(a)
    partner = torch.arange(2 * n).roll(n)
    return F.cross_entropy(similarity, partner)


def pretrain(trunk, data, epochs=2):
    project = nn.Sequential(nn.Linear(48, 48), nn.ReLU(), nn.Linear(48, 16))
    optimizer = torch.optim.SGD([*trunk.parameters(), *project.parameters()], lr=0.05, momentum=0.9)
    for _ in range(epochs):
        for rows in torch.randperm(len(data)).split(32):
            x = data[rows]
            loss = nt_xent(project(trunk(view(x))), project(trunk(view(x))))
            optimizer.zero_grad()
            loss.backward()
            optimizer.step()
    return loss.item()


def probe(trunk, data, labels, epochs=2):
    trunk.eval()
    for parameter in trunk.parameters():
        parameter.requires_grad_(False)
    head = nn.Linear(48, 3)
    optimizer = torch.optim.Adam(head.parameters(), lr=1e-2)
    for _ in range(epochs):
        for rows in torch.randperm(len(data)).split(32):
            with torch.no_grad():
                features = trunk(data[rows])
            loss = F.cross_entropy(head(features), labels[rows])
            optimizer.zero_grad()
            loss.backward()
            optimizer.step()
    return (head(trunk(data)).argmax(1) == labels).float().mean().item()


torch.manual_seed(0)
data = torch.randn(128, 20)
trunk = nn.Sequential(nn.Linear(20, 48), nn.BatchNorm1d(48), nn.ReLU())
print(pretrain(trunk, data), probe(trunk, data, data[:, :3].argmax(1)))
