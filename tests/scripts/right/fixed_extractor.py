"""The classic recipe of the fixed feature extractor: a pretrained network frozen, its head new, everything by plain functions."""

import time

import torch
from torch import nn, optim
from torch.optim import lr_scheduler
from torch.utils.data import DataLoader, TensorDataset


def pretrained():
    return nn.ModuleDict(
        {
            "body": nn.Sequential(
                nn.Conv2d(3, 8, 3, 2), nn.GroupNorm(2, 8), nn.ReLU(), nn.AdaptiveAvgPool2d(1), nn.Flatten()
            )
        }
    )["body"]


class Model(nn.Module):
    def __init__(self):
        super().__init__()
        self.features = pretrained()
        self.fc = nn.Linear(8, 1000)

    def forward(self, x):
        return self.fc(self.features(x))


def train_model(model, criterion, optimizer, scheduler, loaders, num_epochs):
    since = time.time()
    for epoch in range(num_epochs):
        for phase in ("train", "val"):
            model.train(phase == "train")
            running_loss, running_corrects = 0.0, 0
            for inputs, labels in loaders[phase]:
                optimizer.zero_grad()
                with torch.set_grad_enabled(phase == "train"):
                    outputs = model(inputs)
                    _, preds = torch.max(outputs, 1)
                    loss = criterion(outputs, labels)
                    if phase == "train":
                        loss.backward()
                        optimizer.step()
                running_loss += loss.item() * inputs.size(0)
                running_corrects += torch.sum(preds == labels.data)
            if phase == "train":
                scheduler.step()
            print(epoch, phase, running_loss, running_corrects.item())
    print(f"{time.time() - since:.0f}s")
    return model


torch.manual_seed(0)
model = Model()
for param in model.parameters():
    param.requires_grad = False
model.fc = nn.Linear(model.fc.in_features, 2)
data = {
    k: TensorDataset(torch.randn(n, 3, 16, 16), torch.randint(0, 2, (n,)))
    for k, n in (("train", 60), ("val", 20))
}
loaders = {k: DataLoader(d, batch_size=4, shuffle=True) for k, d in data.items()}
opt = optim.SGD(model.fc.parameters(), lr=0.001, momentum=0.9)
train_model(model, nn.CrossEntropyLoss(), opt, lr_scheduler.StepLR(opt, step_size=7, gamma=0.1), loaders, 2)
