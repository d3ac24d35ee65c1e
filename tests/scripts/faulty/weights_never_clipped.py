# finds: tensor-unchanged
import torch
from torch import nn

torch.manual_seed(0)
G = nn.Sequential(nn.Linear(4, 32), nn.ReLU(), nn.Linear(32, 2))
C = nn.Sequential(nn.Linear(2, 32), nn.ReLU(), nn.Linear(32, 1))
og = torch.optim.RMSprop(G.parameters(), lr=5e-4)
oc = torch.optim.RMSprop(C.parameters(), lr=5e-4)
CLIP = 0.01


def critic_step(real):
    fake = G(torch.randn(len(real), 4)).detach()
    loss = C(fake).mean() - C(real).mean()
    oc.zero_grad()
    loss.backward()
    oc.step()
    for p in C.parameters():
        p.data.clamp(-CLIP, CLIP)  # here
    return loss.item()


def generator_step(n):
    loss = -C(G(torch.randn(n, 4))).mean()
    og.zero_grad()
    loss.backward()
    og.step()
    return loss.item()


for it in range(5):
    c = [critic_step(torch.randn(32, 2) + 2) for _ in range(5)]
    print(it, c[-1], generator_step(32))
