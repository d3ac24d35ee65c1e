import torch
import torch.nn as nn


class CnnLstm(nn.Module):
    def __init__(self):
        super().__init__()
        self.cnn = nn.Sequential(nn.Conv2d(3, 8, 3, 2, 1), nn.ReLU(), nn.Conv2d(8, 8, 3, 2, 1), nn.ReLU())
        self.lstm = nn.LSTM(8 * 4 * 4, 12)
        self.fc = nn.Linear(12, 5)

    def forward(self, clips):
        n, t, c, h, w = clips.size()
        y = self.cnn(clips.view(n * t, c, h, w))
        y = y.view(n, t, -1).permute(1, 0, 2)
        y, _ = self.lstm(y)
        return self.fc(y[-1])
