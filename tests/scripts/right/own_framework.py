"""A small framework of its own: module with training_step, trainer with hooks, gradient clipping, logging by detach, checkpoint by clone."""

import torch
from torch import nn
from torch.utils.data import DataLoader, TensorDataset


class Base(nn.Module):
    def __init__(self):
        super().__init__()
        self.logged = {}

    def log(self, name, value):
        self.logged.setdefault(name, []).append(value.detach())


class Regression(Base):
    def __init__(self):
        super().__init__()
        self.net = nn.Sequential(
            nn.Linear(5, 24), nn.LayerNorm(24), nn.ReLU(), nn.Dropout(0.1), nn.Linear(24, 1)
        )

    def forward(self, x):
        return self.net(x).squeeze(-1)

    def training_step(self, batch):
        loss = nn.functional.huber_loss(self(batch[0]), batch[1])
        self.log("train", loss)
        return loss

    def validation_step(self, batch):
        self.log("val", nn.functional.l1_loss(self(batch[0]), batch[1]))

    def configure(self):
        opt = torch.optim.Adam(self.parameters(), lr=3e-3)
        return opt, torch.optim.lr_scheduler.ExponentialLR(opt, 0.9)


class Trainer:
    def __init__(self, epochs, clip=1.0):
        self.epochs, self.clip, self.best, self.state = epochs, clip, float("inf"), None

    def fit(self, module, train, val):
        opt, sched = module.configure()
        for _ in range(self.epochs):
            module.train()
            for batch in train:
                loss = module.training_step(batch)
                opt.zero_grad(set_to_none=True)
                loss.backward()
                nn.utils.clip_grad_norm_(module.parameters(), self.clip)
                opt.step()
            sched.step()
            module.eval()
            with torch.inference_mode():
                for batch in val:
                    module.validation_step(batch)
            score = torch.stack(module.logged["val"][-len(val) :]).mean().item()
            if score < self.best:
                self.best = score
                self.state = {k: v.clone() for k, v in module.state_dict().items()}
        module.load_state_dict(self.state)
        return self.best


torch.manual_seed(0)
x = torch.randn(200, 5)
data = TensorDataset(x, x[:, 0] - x[:, 1] * x[:, 2])
train, val = torch.utils.data.random_split(data, [160, 40])
print(Trainer(3).fit(Regression(), DataLoader(train, 16, shuffle=True), DataLoader(val, 20)))
