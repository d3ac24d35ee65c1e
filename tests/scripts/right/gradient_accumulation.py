# Several backward passes for one step, on purpose; gradients set back by hand.
import torch
import torch.nn.functional as F
from torch import nn
from torch.utils.data import DataLoader, TensorDataset

torch.manual_seed(0)
ACCUMULATE = 4
data = TensorDataset(torch.randn(160, 10), torch.randint(0, 3, (160,)))
loader = DataLoader(data, batch_size=8, shuffle=True, drop_last=True)
model = nn.Sequential(nn.Linear(10, 24), nn.LayerNorm(24), nn.GELU(), nn.Dropout(0.1), nn.Linear(24, 3))
optimizer = torch.optim.AdamW(model.parameters(), lr=3e-4, weight_decay=0.01)
running = 0.0
for index, (x, y) in enumerate(loader):
    loss = F.cross_entropy(model(x), y, label_smoothing=0.1) / ACCUMULATE
    loss.backward()
    running += loss.detach()
    if (index + 1) % ACCUMULATE == 0:
        torch.nn.utils.clip_grad_norm_(model.parameters(), 1.0)
        optimizer.step()
        for parameter in model.parameters():
            parameter.grad = None
print(running.item())
