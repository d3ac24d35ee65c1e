"""u'' = -sin(x), u(0)=u(pi)=0 with a physics-informed network: Adam, then LBFGS."""

import math

import torch
import torch.nn as nn

torch.manual_seed(10)
u = nn.Sequential(nn.Linear(1, 20), nn.Tanh(), nn.Linear(20, 20), nn.Tanh(), nn.Linear(20, 1))
xs = torch.linspace(0, math.pi, 40).unsqueeze(1)
edges = torch.tensor([[0.0], [math.pi]])


def residual_loss():
    x = xs.clone().requires_grad_(True)
    y = u(x)
    dy = torch.autograd.grad(y.sum(), x, create_graph=True)[0]
    d2y = torch.autograd.grad(dy.sum(), x, create_graph=True)[0]
    return ((d2y + torch.sin(x)) ** 2).mean() + (u(edges) ** 2).mean()


adam = torch.optim.Adam(u.parameters(), lr=1e-2)
for _ in range(30):
    adam.zero_grad()
    loss = residual_loss()
    loss.backward()
    adam.step()

lbfgs = torch.optim.LBFGS(u.parameters(), lr=1.0, max_iter=10, line_search_fn="strong_wolfe")


def closure():
    lbfgs.zero_grad()
    loss = residual_loss()
    loss.backward()
    return loss


for i in range(4):
    print(i, lbfgs.step(closure).item())
