# finds: step-without-backward
import torch
from torch import nn

torch.manual_seed(0)
encoder = nn.Sequential(nn.Linear(12, 16), nn.ReLU(), nn.Linear(16, 8))
decoder = nn.Sequential(nn.Linear(8, 16), nn.ReLU(), nn.Linear(16, 12))
probe = nn.Linear(8, 3)
opt_ae = torch.optim.Adam([*encoder.parameters(), *decoder.parameters()], lr=1e-3)
opt_probe = torch.optim.Adam(probe.parameters(), lr=1e-2)
x = torch.randn(300, 12)
y = x[:, :3].argmax(1)


def step(a, b):
    z = encoder(a)
    rec = nn.functional.mse_loss(decoder(z), a)
    opt_ae.zero_grad()
    rec.backward()
    opt_ae.step()
    cls = nn.functional.cross_entropy(probe(z.detach()), b)
    opt_probe.zero_grad()
    opt_probe.step()  # here
    return rec.item(), cls.item()


for epoch in range(2):
    for i in torch.randperm(300).split(50):
        out = step(x[i], y[i])
    print(epoch, out)
