import torch
from torch import nn


def build(channels=8, classes=4):
    return nn.Sequential(
        nn.Conv1d(channels, 32, 5, padding=2),
        nn.ELU(),
        nn.MaxPool1d(4),
        nn.Conv1d(32, 64, 5, padding=2),
        nn.ELU(),
        nn.MaxPool1d(4),
        nn.Linear(64 * 16, 128),
        nn.ELU(),
        nn.Linear(128, classes),
    )


eegnet = build()

if __name__ == "__main__":
    print(eegnet(torch.randn(10, 8, 256)).shape)
