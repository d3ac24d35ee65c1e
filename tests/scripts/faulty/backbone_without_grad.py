# finds: parameters-without-gradient
"""Fine-tuning with a lower learning rate for the backbone than for the head."""

import torch
import torch.nn as nn

torch.manual_seed(9)


class Backbone(nn.Module):
    def __init__(self):
        super().__init__()
        self.net = nn.Sequential(
            nn.Conv2d(1, 8, 3, stride=2, padding=1),
            nn.ReLU(),
            nn.Conv2d(8, 16, 3, stride=2, padding=1),
            nn.ReLU(),
            nn.AdaptiveAvgPool2d(2),
            nn.Flatten(),
        )

    def forward(self, x):
        return self.net(x)


class Classifier(nn.Module):
    def __init__(self, backbone, n_classes):
        super().__init__()
        self.backbone = backbone
        self.head = nn.Sequential(nn.Linear(64, 32), nn.ReLU(), nn.Linear(32, n_classes))

    def forward(self, x):
        with torch.no_grad():  # here
            features = self.backbone(x)
        return self.head(features)


def train(model, x, y, epochs=3):
    optimizer = torch.optim.AdamW(
        [
            {"params": model.backbone.parameters(), "lr": 1e-4},
            {"params": model.head.parameters(), "lr": 1e-3},
        ],
        weight_decay=1e-4,
    )
    criterion = nn.CrossEntropyLoss(label_smoothing=0.1)
    for epoch in range(epochs):
        model.train()
        for idx in torch.randperm(len(x)).split(20):
            optimizer.zero_grad()
            loss = criterion(model(x[idx]), y[idx])
            loss.backward()
            optimizer.step()
        print(f"epoch {epoch}: {loss.item():.3f}")


images = torch.rand(120, 1, 28, 28)
labels = torch.randint(0, 5, (120,))
train(Classifier(Backbone(), 5), images, labels)
