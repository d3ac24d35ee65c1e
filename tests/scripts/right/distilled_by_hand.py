"""A small student learns from a frozen, trained teacher."""

import torch
import torch.nn as nn
import torch.nn.functional as F

torch.manual_seed(7)
x = torch.randn(200, 10)
y = x[:, :4].argmax(1)


def mlp(width, depth):
    layers, n = [], 10
    for _ in range(depth):
        layers += [nn.Linear(n, width), nn.BatchNorm1d(width), nn.ReLU()]
        n = width
    return nn.Sequential(*layers, nn.Linear(n, 4))


teacher = mlp(64, 3)
opt = torch.optim.Adam(teacher.parameters(), lr=5e-3)
for _epoch in range(5):
    for idx in torch.randperm(200).split(25):
        opt.zero_grad()
        F.cross_entropy(teacher(x[idx]), y[idx]).backward()
        opt.step()

teacher.eval()
for p in teacher.parameters():
    p.requires_grad = False

student, T, alpha = mlp(16, 1), 4.0, 0.7
opt = torch.optim.Adam(student.parameters(), lr=5e-3)
for _epoch in range(5):
    student.train()
    for idx in torch.randperm(200).split(25):
        with torch.no_grad():
            soft = F.softmax(teacher(x[idx]) / T, dim=1)
        out = student(x[idx])
        kd = F.kl_div(F.log_softmax(out / T, dim=1), soft, reduction="batchmean") * T * T
        loss = alpha * kd + (1 - alpha) * F.cross_entropy(out, y[idx])
        opt.zero_grad()
        loss.backward()
        opt.step()
student.eval()
with torch.no_grad():
    print((student(x).argmax(1) == y).float().mean().item())
