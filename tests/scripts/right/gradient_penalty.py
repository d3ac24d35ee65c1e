import torch
from torch import autograd, nn

torch.manual_seed(0)
G = nn.Sequential(nn.Linear(4, 32), nn.ReLU(), nn.Linear(32, 2))
D = nn.Sequential(nn.Linear(2, 32), nn.ReLU(), nn.Linear(32, 1))
opt_d = torch.optim.Adam(D.parameters(), lr=1e-4, betas=(0.5, 0.9))
opt_g = torch.optim.Adam(G.parameters(), lr=1e-4, betas=(0.5, 0.9))


def penalty(real, fake):
    alpha = torch.rand(real.size(0), 1)
    mixed = (alpha * real + (1 - alpha) * fake).requires_grad_(True)
    out = D(mixed)
    grads = autograd.grad(out, mixed, torch.ones_like(out), create_graph=True, retain_graph=True)[0]
    return 10 * ((grads.norm(2, dim=1) - 1) ** 2).mean()


for _it in range(12):
    for p in D.parameters():
        p.requires_grad_(True)
    for _ in range(3):
        real = torch.randn(64, 2) * 0.1 + torch.tensor([1.0, -1.0])
        with torch.no_grad():
            fake = G(torch.randn(64, 4))
        D.zero_grad()
        d_loss = D(fake).mean() - D(real).mean() + penalty(real, fake)
        d_loss.backward()
        opt_d.step()
    for p in D.parameters():
        p.requires_grad_(False)
    G.zero_grad()
    g_loss = -D(G(torch.randn(64, 4))).mean()
    g_loss.backward()
    opt_g.step()
print(d_loss.item(), g_loss.item())
