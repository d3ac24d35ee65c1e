# A frozen backbone whose batch norms are kept in evaluation mode; a new head.
import torch
import torch.nn.functional as F
from torch import nn


class Backbone(nn.Module):
    def __init__(self):
        super().__init__()
        self.features = nn.Sequential(
            nn.Conv2d(3, 8, 3), nn.BatchNorm2d(8), nn.ReLU(), nn.AdaptiveAvgPool2d(1), nn.Flatten()
        )
        self.fc = nn.Linear(8, 100)

    def forward(self, x):
        return self.fc(self.features(x))


torch.manual_seed(0)
model = Backbone()
for p in model.parameters():
    p.requires_grad = False
model.fc = nn.Linear(8, 2)
optimizer = torch.optim.SGD(filter(lambda p: p.requires_grad, model.parameters()), lr=0.01, momentum=0.9)
best = 0.0
for _ in range(3):
    for phase in ("train", "val"):
        model.train(phase == "train")
        model.features.eval()
        hits = 0
        for _ in range(3):
            x, y = torch.rand(8, 3, 12, 12), torch.randint(0, 2, (8,))
            optimizer.zero_grad()
            with torch.set_grad_enabled(phase == "train"):
                outputs = model(x)
                _, preds = torch.max(outputs, 1)
                loss = F.cross_entropy(outputs, y)
                if phase == "train":
                    loss.backward()
                    optimizer.step()
            hits += torch.sum(preds == y.data).item()
        best = max(best, hits) if phase == "val" else best
print(best)
