import torch
import torch.nn as nn
import torch.nn.functional as F


class ActivityCNN(nn.Module):
    """accelerometer windows: 3 axes, 128 samples at 50 Hz"""

    def __init__(self, n_axes=3, n_classes=6):
        super().__init__()
        self.conv1 = nn.Conv1d(n_axes, 16, kernel_size=5, padding=2)
        self.conv2 = nn.Conv1d(16, 32, kernel_size=5, padding=2)
        self.pool = nn.MaxPool1d(2)
        self.fc = nn.Linear(32 * 32, n_classes)

    def forward(self, x):
        x = self.pool(F.relu(self.conv1(x)))
        x = self.pool(F.relu(self.conv2(x)))
        return self.fc(x)


def train(model, windows, labels, epochs=2):
    criterion = nn.CrossEntropyLoss()
    optimizer = torch.optim.Adam(model.parameters(), lr=0.001)
    for epoch in range(epochs):
        perm = torch.randperm(len(windows))
        for start in range(0, len(windows), 8):
            idx = perm[start:start + 8]
            optimizer.zero_grad()
            out = model(windows[idx])
            loss = criterion(out, labels[idx])
            loss.backward()
            optimizer.step()


def main():
    train(ActivityCNN(), torch.randn(32, 3, 128), torch.randint(0, 6, (32,)))


if __name__ == "__main__":
    main()
