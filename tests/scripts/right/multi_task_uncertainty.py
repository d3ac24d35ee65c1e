"""One trunk, three tasks, weighted by learned uncertainty."""

import torch
import torch.nn as nn

torch.manual_seed(9)


class MultiTask(nn.Module):
    def __init__(self):
        super().__init__()
        self.trunk = nn.Sequential(nn.Linear(12, 48), nn.ReLU(), nn.Linear(48, 32), nn.ReLU())
        self.age = nn.Linear(32, 1)
        self.gender = nn.Linear(32, 1)
        self.group = nn.Linear(32, 5)
        self.log_vars = nn.Parameter(torch.zeros(3))

    def forward(self, x):
        h = self.trunk(x)
        return self.age(h).squeeze(1), self.gender(h).squeeze(1), self.group(h)


x = torch.randn(160, 12)
age = x[:, :3].sum(1)
gender = (x[:, 3] > 0).float()
group = x[:, 4:9].argmax(1)
model = MultiTask()
losses = [nn.L1Loss(), nn.BCEWithLogitsLoss(), nn.CrossEntropyLoss()]
optimizer = torch.optim.RAdam(model.parameters(), lr=3e-3)
scheduler = torch.optim.lr_scheduler.ReduceLROnPlateau(optimizer, patience=1)
for epoch in range(5):
    total = 0.0
    for idx in torch.randperm(160).split(20):
        outputs = model(x[idx])
        parts = torch.stack(
            [fn(o, t[idx]) for fn, o, t in zip(losses, outputs, (age, gender, group), strict=False)]
        )
        loss = (torch.exp(-model.log_vars) * parts + model.log_vars).sum()
        optimizer.zero_grad()
        loss.backward()
        optimizer.step()
        total += loss.detach().item()
    scheduler.step(total)
    print(epoch, [round(p, 3) for p in parts.tolist()])
