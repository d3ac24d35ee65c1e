import torch
from torch import nn


class VideoLSTM(nn.Module):
    def __init__(self, classes=6):
        super().__init__()
        self.cnn = nn.Sequential(nn.Conv2d(3, 8, 3, stride=2), nn.ReLU(), nn.AdaptiveAvgPool2d(2), nn.Flatten())
        self.rnn = nn.LSTM(32, 24, batch_first=True)
        self.fc = nn.Linear(24, classes)

    def forward(self, clip):
        b, t, c, h, w = clip.size()
        f = self.cnn(clip.view(b * t, c, h, w))
        out, (h_n, c_n) = self.rnn(f.view(b, t, -1))
        return self.fc(h_n[-1])
