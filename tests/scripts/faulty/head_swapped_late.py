# finds: optimizer-misses-parameters
"""Fine-tune a small CNN pretrained on 10 classes for 4 kinds of leaves."""

import torch
import torch.nn as nn
import torch.optim as optim
from torch.utils.data import DataLoader, TensorDataset

torch.manual_seed(7)


class LeafNet(nn.Module):
    def __init__(self, num_classes=10):
        super().__init__()
        self.features = nn.Sequential(
            nn.Conv2d(3, 16, 3, padding=1),
            nn.BatchNorm2d(16),
            nn.ReLU(),
            nn.MaxPool2d(2),
            nn.Conv2d(16, 32, 3, padding=1),
            nn.BatchNorm2d(32),
            nn.ReLU(),
            nn.AdaptiveAvgPool2d(1),
        )
        self.classifier = nn.Linear(32, num_classes)

    def forward(self, x):
        return self.classifier(self.features(x).flatten(1))


def get_model_and_optimizer(lr):
    model = LeafNet()
    optimizer = optim.SGD(model.parameters(), lr=lr, momentum=0.9)  # here
    return model, optimizer


def main():
    images = torch.randn(96, 3, 24, 24)
    labels = torch.randint(0, 4, (96,))
    loader = DataLoader(TensorDataset(images, labels), batch_size=16, shuffle=True)
    model, optimizer = get_model_and_optimizer(0.01)
    model.classifier = nn.Linear(32, 4)
    criterion = nn.CrossEntropyLoss()
    for epoch in range(3):
        model.train()
        running = 0.0
        for x, y in loader:
            optimizer.zero_grad()
            loss = criterion(model(x), y)
            loss.backward()
            optimizer.step()
            running += loss.item()
        print(f"epoch {epoch} loss {running / len(loader):.4f}")


main()
