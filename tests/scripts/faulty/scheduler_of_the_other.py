# finds: scheduler-twice
"""Two optimizers with two schedulers."""

import torch
from torch import nn, optim
from torch.optim.lr_scheduler import StepLR

torch.manual_seed(0)
encoder = nn.Sequential(nn.Linear(12, 24), nn.ReLU(), nn.Linear(24, 6))
decoder = nn.Sequential(nn.Linear(6, 24), nn.ReLU(), nn.Linear(24, 12))
enc_optimizer = optim.Adam(encoder.parameters(), lr=1e-3)
dec_optimizer = optim.Adam(decoder.parameters(), lr=5e-3)
enc_scheduler = StepLR(enc_optimizer, step_size=2, gamma=0.5)
dec_scheduler = StepLR(enc_optimizer, step_size=2, gamma=0.5)  # here
data = torch.randn(128, 12)
for epoch in range(5):
    for x in data[torch.randperm(128)].split(32):
        enc_optimizer.zero_grad()
        dec_optimizer.zero_grad()
        loss = nn.functional.mse_loss(decoder(encoder(x)), x)
        loss.backward()
        enc_optimizer.step()
        dec_optimizer.step()
    enc_scheduler.step()
    dec_scheduler.step()
    print(epoch, loss.item(), enc_optimizer.param_groups[0]["lr"], dec_optimizer.param_groups[0]["lr"])
