# finds: clipping-order
import torch
from torch import nn
from torch.amp import GradScaler, autocast

torch.manual_seed(0)
device = "cpu"
model = nn.Sequential(nn.Linear(40, 64), nn.GELU(), nn.LayerNorm(64), nn.Linear(64, 3)).to(device)
optimizer = torch.optim.AdamW(model.parameters(), lr=1e-3)
scaler = GradScaler(device)
criterion = nn.CrossEntropyLoss()
features = torch.randn(320, 40)
labels = features[:, :3].argmax(1)


def train_one_epoch(batch_size=32, max_norm=1.0):
    model.train()
    total = 0.0
    for idx in torch.randperm(len(features)).split(batch_size):
        x, y = features[idx].to(device), labels[idx].to(device)
        optimizer.zero_grad(set_to_none=True)
        with autocast(device_type=device, dtype=torch.bfloat16):
            loss = criterion(model(x), y)
        scaler.scale(loss).backward()
        torch.nn.utils.clip_grad_norm_(model.parameters(), max_norm)  # here
        scaler.step(optimizer)
        scaler.update()
        total += loss.item()
    return total


for epoch in range(2):
    print(epoch, train_one_epoch())
