# finds: nothing-loaded
"""Go on from a checkpoint that was written by a DataParallel model."""

import io

import torch
from torch import nn


class Backbone(nn.Module):
    def __init__(self):
        super().__init__()
        self.stem = nn.Sequential(nn.Conv2d(3, 16, 3, padding=1), nn.BatchNorm2d(16), nn.ReLU())
        self.head = nn.Linear(16, 5)

    def forward(self, x):
        return self.head(self.stem(x).mean((2, 3)))


def old_checkpoint():
    torch.manual_seed(0)
    file = io.BytesIO()
    torch.save({"model": nn.DataParallel(Backbone()).state_dict(), "epoch": 12}, file)
    file.seek(0)
    return file


checkpoint = torch.load(old_checkpoint(), map_location="cpu")
model = Backbone()
model.load_state_dict(checkpoint["model"], strict=False)  # here
optimizer = torch.optim.SGD(model.parameters(), lr=0.01, momentum=0.9)
images, labels = torch.randn(64, 3, 16, 16), torch.randint(0, 5, (64,))
for epoch in range(checkpoint["epoch"], checkpoint["epoch"] + 3):
    model.train()
    for idx in torch.randperm(64).split(16):
        optimizer.zero_grad()
        loss = nn.functional.cross_entropy(model(images[idx]), labels[idx])
        loss.backward()
        optimizer.step()
    print(epoch, loss.item())
