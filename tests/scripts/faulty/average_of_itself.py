# finds: moved-to-itself
import torch
from torch import nn
from torch.utils.data import DataLoader, TensorDataset


class EMA:
    def __init__(self, model, decay=0.99):
        self.decay = decay
        self.shadow = model
        self.params = [p.data for p in model.parameters()]  # here

    @torch.no_grad()
    def update(self, model):
        for s, p in zip(self.params, model.parameters(), strict=False):
            s.mul_(self.decay).add_(p.data, alpha=1 - self.decay)


def mlp():
    return nn.Sequential(nn.Linear(10, 32), nn.SiLU(), nn.Linear(32, 1))


torch.manual_seed(0)
x = torch.randn(200, 10)
y = x[:, :1] * x[:, 1:2]
loader = DataLoader(TensorDataset(x, y), batch_size=25, shuffle=True)
model = mlp()
ema = EMA(model)
opt = torch.optim.AdamW(model.parameters(), lr=3e-3)
for epoch in range(3):
    for a, b in loader:
        loss = nn.functional.mse_loss(model(a), b)
        opt.zero_grad(set_to_none=True)
        loss.backward()
        opt.step()
        ema.update(model)
    with torch.no_grad():
        print(epoch, loss.item(), nn.functional.mse_loss(ema.shadow(x), y).item())
