import torch
import torch.nn as nn


class Multi(nn.Module):
    def __init__(self, n_labels=4):
        super().__init__()
        self.features = nn.Sequential(
            nn.Conv2d(3, 8, 3, padding=1), nn.ReLU(), nn.MaxPool2d(2),
            nn.Conv2d(8, 16, 3, padding=1), nn.ReLU(), nn.AdaptiveAvgPool2d(1),
        )
        self.classifier = nn.Linear(16, n_labels)

    def forward(self, x):
        return self.classifier(self.features(x).flatten(1))


def train_one():
    model = Multi()
    criterion = nn.BCEWithLogitsLoss()
    optimizer = torch.optim.Adam(model.parameters(), 1e-3)
    images = torch.rand(8, 3, 16, 16)
    labels = torch.randint(0, 2, (8, 4))
    logits = model(images)
    loss = criterion(logits, labels)
    optimizer.zero_grad()
    loss.backward()
    optimizer.step()
