"""Accumulation over four batches, bfloat16, GradScaler, unscale_, clipping, cosine per update."""

import torch
from torch import nn
from torch.utils.data import DataLoader, TensorDataset

torch.manual_seed(0)
ACC = 4
x = torch.randn(320, 1, 16, 16)
y = (x[:, 0, :8].mean((1, 2)) > 0).long()
loader = DataLoader(TensorDataset(x, y), batch_size=8, shuffle=True, drop_last=True)
net = nn.Sequential(nn.Conv2d(1, 8, 3), nn.GroupNorm(2, 8), nn.SiLU(), nn.Flatten(), nn.Linear(8 * 196, 2))
opt = torch.optim.AdamW(net.parameters(), lr=1e-3)
scaler = torch.amp.GradScaler("cpu", enabled=True)
sched = torch.optim.lr_scheduler.CosineAnnealingLR(opt, T_max=2 * len(loader) // ACC)
for epoch in range(2):
    net.train()
    running = torch.zeros(())
    opt.zero_grad(set_to_none=True)
    for i, (a, b) in enumerate(loader):
        with torch.autocast("cpu", dtype=torch.bfloat16):
            out = net(a)
            loss = nn.functional.cross_entropy(out.float(), b) / ACC
        scaler.scale(loss).backward()
        running += loss.detach() * ACC
        if (i + 1) % ACC == 0:
            scaler.unscale_(opt)
            nn.utils.clip_grad_norm_(net.parameters(), 1.0)
            scaler.step(opt)
            scaler.update()
            opt.zero_grad(set_to_none=True)
            sched.step()
    print(epoch, (running / len(loader)).item())
