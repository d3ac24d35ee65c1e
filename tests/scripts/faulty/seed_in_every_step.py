# finds: seed-in-loop
import torch
from torch import nn


def set_seed(s=1234):
    torch.manual_seed(s)  # here


class Denoiser(nn.Module):
    def __init__(self):
        super().__init__()
        self.net = nn.Sequential(nn.Linear(16, 64), nn.ReLU(), nn.Dropout(0.3), nn.Linear(64, 16))

    def forward(self, x):
        return self.net(x)


def train_step(model, opt, clean):
    set_seed()
    noisy = clean + 0.3 * torch.randn_like(clean)
    loss = nn.functional.mse_loss(model(noisy), clean)
    opt.zero_grad()
    loss.backward()
    opt.step()
    return loss.item()


set_seed(0)
model = Denoiser()
opt = torch.optim.Adam(model.parameters(), lr=1e-3)
data = torch.randn(256, 16).cumsum(1) / 4
for epoch in range(2):
    for batch in data.split(32):
        value = train_step(model, opt, batch)
    print(epoch, value)
