import torch
import torch.nn as nn
from torch.utils.data import DataLoader, TensorDataset


class ECGNet(nn.Module):
    def __init__(self):
        super().__init__()
        self.conv = nn.Sequential(
            nn.Conv1d(12, 32, kernel_size=7, padding=3),
            nn.ReLU(),
            nn.MaxPool1d(4),
            nn.Conv1d(32, 64, kernel_size=5, padding=2),
            nn.ReLU(),
            nn.AdaptiveAvgPool1d(8),
        )
        self.head = nn.Sequential(nn.Flatten(), nn.Linear(64 * 8, 5))

    def forward(self, signal):
        return self.head(self.conv(signal))


def train():
    signals = torch.randn(64, 1000, 12)
    labels = torch.randint(0, 5, (64,))
    loader = DataLoader(TensorDataset(signals, labels), batch_size=16)
    model = ECGNet()
    criterion = nn.CrossEntropyLoss()
    opt = torch.optim.Adam(model.parameters())
    for x, y in loader:
        opt.zero_grad()
        loss = criterion(model(x), y)
        loss.backward()
        opt.step()
