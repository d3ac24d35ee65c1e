import torch
from torch import nn
from torch.utils.data import DataLoader, TensorDataset

model = nn.Sequential(
    nn.Conv1d(1, 32, kernel_size=5),
    nn.ReLU(),
    nn.MaxPool1d(2),
    nn.Conv1d(32, 64, kernel_size=5),
    nn.ReLU(),
    nn.MaxPool1d(2),
    nn.Flatten(),
    nn.Linear(64 * 45, 128),
    nn.ReLU(),
    nn.Linear(128, 5),
)


def fit(epochs=1):
    beats = torch.randn(48, 1, 187)
    labels = torch.randint(0, 5, (48,))
    loader = DataLoader(TensorDataset(beats, labels), batch_size=16)
    criterion = nn.CrossEntropyLoss()
    for _ in range(epochs):
        for xb, yb in loader:
            loss = criterion(model(xb), yb)
            loss.backward()


if __name__ == "__main__":
    fit()
