# finds: optimizer-misses-parameters
import torch
import torch.nn.functional as F
from torch import nn


class ImageTower(nn.Module):
    def __init__(self, d=16):
        super().__init__()
        self.net = nn.Sequential(
            nn.Conv2d(1, 8, 3), nn.ReLU(), nn.AdaptiveAvgPool2d(2), nn.Flatten(), nn.Linear(32, d)
        )

    def forward(self, x):
        return F.normalize(self.net(x), dim=-1)


class TextTower(nn.Module):
    def __init__(self, vocab=30, d=16):
        super().__init__()
        self.emb = nn.Embedding(vocab, d)
        self.fc = nn.Linear(d, d)

    def forward(self, ids):
        return F.normalize(self.fc(self.emb(ids).mean(1)), dim=-1)


class Clip(nn.Module):
    def __init__(self):
        super().__init__()
        self.image, self.text = ImageTower(), TextTower()
        self.scale = nn.Parameter(torch.tensor(2.0))

    def forward(self, x, ids):
        logits = self.scale.exp() * self.image(x) @ self.text(ids).t()
        labels = torch.arange(len(x))
        return (F.cross_entropy(logits, labels) + F.cross_entropy(logits.t(), labels)) / 2


torch.manual_seed(0)
model = Clip()
groups = [{"params": model.image.parameters(), "lr": 1e-3}, {"params": [model.scale], "lr": 1e-2}]
opt = torch.optim.AdamW(groups)  # here
for _step in range(10):
    loss = model(torch.randn(16, 1, 10, 10), torch.randint(0, 30, (16, 5)))
    opt.zero_grad()
    loss.backward()
    opt.step()
print(loss.item())
