# needs: accelerate
import torch
import torch.nn.functional as F
from accelerate import Accelerator
from torch import nn
from torch.utils.data import DataLoader, TensorDataset

torch.manual_seed(0)
accelerator = Accelerator(cpu=True, gradient_accumulation_steps=2)
data = TensorDataset(torch.randn(128, 10), torch.randint(0, 3, (128,)))
net = nn.Sequential(nn.Linear(10, 24), nn.ReLU(), nn.Dropout(0.1), nn.Linear(24, 3))
optimizer = torch.optim.AdamW(net.parameters(), lr=1e-3)
scheduler = torch.optim.lr_scheduler.LinearLR(optimizer)
net, optimizer, loader, scheduler = accelerator.prepare(
    net, optimizer, DataLoader(data, 8, shuffle=True), scheduler
)
for x, y in loader:
    with accelerator.accumulate(net):
        loss = F.cross_entropy(net(x), y)
        accelerator.backward(loss)
        if accelerator.sync_gradients:
            accelerator.clip_grad_norm_(net.parameters(), 1.0)
        optimizer.step()
        scheduler.step()
        optimizer.zero_grad()
net.eval()
with torch.no_grad():
    print(accelerator.gather(net(data.tensors[0])).shape)
