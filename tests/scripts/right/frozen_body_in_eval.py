"""Transfer: the body is frozen and kept in eval mode on purpose, the head trains."""

import torch
from torch import nn


class Transfer(nn.Module):
    def __init__(self, body, width, classes):
        super().__init__()
        self.body = body
        for p in self.body.parameters():
            p.requires_grad_(False)
        self.head = nn.Sequential(nn.Dropout(0.2), nn.Linear(width, classes))

    def train(self, mode=True):
        super().train(mode)
        self.body.eval()
        return self

    def forward(self, x):
        with torch.no_grad():
            f = self.body(x)
        return self.head(f)


def body():
    return nn.Sequential(
        nn.Conv2d(3, 8, 3, stride=2), nn.BatchNorm2d(8), nn.ReLU(), nn.AdaptiveAvgPool2d(1), nn.Flatten()
    )


torch.manual_seed(0)
model = Transfer(body(), 8, 3)
optimizer = torch.optim.SGD(model.head.parameters(), lr=0.05, momentum=0.9, weight_decay=1e-4)
images, labels = torch.randn(120, 3, 20, 20), torch.randint(0, 3, (120,))
val_images, val_labels = torch.randn(40, 3, 20, 20), torch.randint(0, 3, (40,))
for epoch in range(2):
    model.train()
    for index in torch.randperm(120).split(24):
        loss = nn.functional.cross_entropy(model(images[index]), labels[index], label_smoothing=0.1)
        optimizer.zero_grad()
        loss.backward()
        optimizer.step()
    model.eval()
    with torch.inference_mode():
        print(epoch, (model(val_images).argmax(-1) == val_labels).float().mean().item())
