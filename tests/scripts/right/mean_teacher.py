"""Semi-supervised training with an EMA teacher (consistency loss)."""

import copy

import torch
import torch.nn as nn
import torch.nn.functional as F

torch.manual_seed(8)


class Net(nn.Module):
    def __init__(self):
        super().__init__()
        self.conv = nn.Sequential(nn.Conv1d(1, 8, 5), nn.BatchNorm1d(8), nn.ReLU(), nn.AdaptiveMaxPool1d(4))
        self.drop = nn.Dropout(0.2)
        self.fc = nn.Linear(32, 3)

    def forward(self, x):
        return self.fc(self.drop(self.conv(x).flatten(1)))


@torch.no_grad()
def update_ema(student, teacher, decay):
    for s, t in zip(student.parameters(), teacher.parameters(), strict=False):
        t.mul_(decay).add_(s, alpha=1 - decay)
    for s, t in zip(student.buffers(), teacher.buffers(), strict=False):
        t.copy_(s)


student = Net()
teacher = copy.deepcopy(student)
for p in teacher.parameters():
    p.requires_grad_(False)
labelled = torch.randn(48, 1, 32)
labels = torch.randint(0, 3, (48,))
unlabelled = torch.randn(192, 1, 32)
optimizer = torch.optim.SGD(student.parameters(), lr=0.02, momentum=0.9)
for epoch in range(3):
    student.train()
    teacher.train()
    for idx, u in zip(torch.randperm(48).split(8), unlabelled[torch.randperm(192)].split(32), strict=False):
        sup = F.cross_entropy(student(labelled[idx]), labels[idx])
        with torch.no_grad():
            guess = teacher(u + 0.05 * torch.randn_like(u)).softmax(1)
        cons = F.mse_loss(student(u + 0.05 * torch.randn_like(u)).softmax(1), guess)
        loss = sup + 0.5 * cons
        optimizer.zero_grad()
        loss.backward()
        optimizer.step()
        update_ema(student, teacher, 0.95)
    print(epoch, sup.item(), cons.item())
