import torch
import torch.nn as nn


class Anomaly(nn.Module):
    """Windows of (batch, time, sensors)."""

    def __init__(self, sensors=38, feat=16):
        super().__init__()
        self.encoder = nn.Sequential(
            nn.Conv1d(sensors, 8, kernel_size=8, padding=4), nn.BatchNorm1d(8), nn.ReLU(),
            nn.Conv1d(8, feat, kernel_size=5, padding=2), nn.ReLU(),
        )
        self.head = nn.Linear(feat, 10)

    def forward(self, ts):
        b, w, h = ts.shape
        z = self.encoder(ts.view(b, h, w))
        return self.head(z.mean(dim=-1))
