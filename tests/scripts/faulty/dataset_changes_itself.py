# finds: sample-changed-in-place
import torch
from torch import nn
from torch.utils.data import DataLoader, Dataset


class Signals(Dataset):
    def __init__(self, n=64, noise=0.1):
        self.signals = torch.randn(n, 1, 32)
        self.labels = (self.signals.mean((1, 2)) > 0).long()
        self.noise = noise

    def __len__(self):
        return len(self.signals)

    def __getitem__(self, index):
        signal = self.signals[index]
        signal += self.noise * torch.randn_like(signal)  # here
        return signal, self.labels[index]


class SignalNet(nn.Module):
    def __init__(self):
        super().__init__()
        self.features = nn.Sequential(
            nn.Conv1d(1, 8, 5, padding=2), nn.BatchNorm1d(8), nn.ReLU(), nn.AdaptiveAvgPool1d(4)
        )
        self.classifier = nn.Linear(32, 2)

    def forward(self, x):
        return self.classifier(self.features(x).flatten(1))


def fit(net, loader, epochs=4):
    optimizer = torch.optim.Adam(net.parameters(), lr=1e-3)
    for epoch in range(epochs):
        total = 0.0
        for signals, labels in loader:
            optimizer.zero_grad()
            loss = nn.functional.cross_entropy(net(signals), labels)
            loss.backward()
            optimizer.step()
            total += loss.item() * len(labels)
        print(epoch, total / len(loader.dataset))


torch.manual_seed(0)
fit(SignalNet(), DataLoader(Signals(), batch_size=16, shuffle=True))
