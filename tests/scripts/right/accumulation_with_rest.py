"""Gradient accumulation with warmup, the last uneven group included."""

import torch
import torch.nn as nn

torch.manual_seed(1)
accum = 4
data = [(torch.randn(6, 12), torch.randint(0, 3, (6,))) for _ in range(22)]
net = nn.Sequential(nn.Linear(12, 32), nn.LayerNorm(32), nn.ReLU(), nn.Linear(32, 3))
decay, no_decay = [], []
for _name, p in net.named_parameters():
    (decay if p.ndim > 1 else no_decay).append(p)
opt = torch.optim.AdamW(
    [{"params": decay, "weight_decay": 0.01}, {"params": no_decay, "weight_decay": 0.0}], lr=1e-3
)
updates = 3 * -(-len(data) // accum)
sched = torch.optim.lr_scheduler.LambdaLR(opt, lambda s: min(1.0, (s + 1) / 3) * max(0.0, 1 - s / updates))
loss_fn = nn.CrossEntropyLoss()
opt.zero_grad()
for epoch in range(3):
    for i, (x, y) in enumerate(data):
        loss = loss_fn(net(x), y) / accum
        loss.backward()
        if (i + 1) % accum == 0 or i + 1 == len(data):
            nn.utils.clip_grad_norm_(net.parameters(), 1.0)
            opt.step()
            sched.step()
            opt.zero_grad()
    print(epoch, loss.item() * accum)
