import numpy as np
import torch
from torch import nn
from torch.utils.data import DataLoader, Dataset

EMOTIONS = {"neutral": 0, "happy": 1, "sad": 2, "angry": 3}
CONFIG = {"n_mfcc": 13, "frames": 44, "hidden": 32, "n_classes": 3, "batch_size": 10, "epochs": 1}


class Clips(Dataset):
    def __init__(self, n=40):
        rng = np.random.default_rng(0)
        names = list(EMOTIONS)
        self.rows = [(rng.normal(size=(CONFIG["n_mfcc"], CONFIG["frames"])), names[i % 4]) for i in range(n)]

    def __len__(self):
        return len(self.rows)

    def __getitem__(self, i):
        mfcc, name = self.rows[i]
        return torch.tensor(mfcc, dtype=torch.float32), EMOTIONS[name]


class EmotionNet(nn.Module):
    def __init__(self, cfg=CONFIG):
        super().__init__()
        self.conv = nn.Sequential(
            nn.Conv1d(cfg["n_mfcc"], cfg["hidden"], 5, padding=2), nn.ReLU(), nn.MaxPool1d(2),
            nn.Conv1d(cfg["hidden"], cfg["hidden"], 5, padding=2), nn.ReLU(), nn.AdaptiveAvgPool1d(1),
        )
        self.head = nn.Linear(cfg["hidden"], cfg["n_classes"])

    def forward(self, x):
        return self.head(self.conv(x).squeeze(-1))


def main():
    loader = DataLoader(Clips(), batch_size=CONFIG["batch_size"], shuffle=True)
    model = EmotionNet()
    loss_fn = nn.CrossEntropyLoss()
    optimizer = torch.optim.Adam(model.parameters())
    for _ in range(CONFIG["epochs"]):
        for x, y in loader:
            optimizer.zero_grad()
            loss = loss_fn(model(x), y)
            loss.backward()
            optimizer.step()


if __name__ == "__main__":
    main()
