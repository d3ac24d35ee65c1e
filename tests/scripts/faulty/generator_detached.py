# finds: parameters-without-gradient
import torch
from torch import nn

torch.manual_seed(0)
latent, n_feat, bs = 6, 4, 64
G = nn.Sequential(nn.Linear(latent, 32), nn.ReLU(), nn.Linear(32, n_feat))
D = nn.Sequential(nn.Linear(n_feat, 32), nn.LeakyReLU(0.2), nn.Linear(32, 1))
opt_g = torch.optim.Adam(G.parameters(), lr=2e-4, betas=(0.5, 0.999))
opt_d = torch.optim.Adam(D.parameters(), lr=2e-4, betas=(0.5, 0.999))
bce = nn.BCEWithLogitsLoss()
ones, zeros = torch.ones(bs, 1), torch.zeros(bs, 1)

for it in range(40):
    real = torch.randn(bs, n_feat) * 0.5 + 2
    fake = G(torch.randn(bs, latent))

    opt_d.zero_grad()
    d_loss = bce(D(real), ones) + bce(D(fake.detach()), zeros)
    d_loss.backward()
    opt_d.step()

    opt_g.zero_grad()
    g_loss = bce(D(fake.detach()), ones)  # here
    g_loss.backward()
    opt_g.step()
    if it % 10 == 0:
        print(it, d_loss.item(), g_loss.item())
