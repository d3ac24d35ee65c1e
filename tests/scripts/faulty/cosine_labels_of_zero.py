# finds: loss-target
import torch
from torch import nn

torch.manual_seed(0)
tower = nn.Sequential(nn.Linear(12, 24), nn.ReLU(), nn.Linear(24, 8))
opt = torch.optim.Adam(tower.parameters(), lr=1e-3)
loss_fn = nn.CosineEmbeddingLoss(margin=0.2)
for _step in range(30):
    a = torch.randn(32, 12)
    same = torch.randint(0, 2, (32,))  # 1: same thing, 0: another
    b = torch.where(same.bool()[:, None], a + 0.1 * torch.randn(32, 12), torch.randn(32, 12))
    loss = loss_fn(tower(a), tower(b), same)  # here
    opt.zero_grad()
    loss.backward()
    opt.step()
print(loss.item())
