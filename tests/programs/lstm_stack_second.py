import torch
from torch import nn


class Stacked(nn.Module):
    def __init__(self, feats=13, h1=40, h2=24, classes=7):
        super().__init__()
        self.lstm1 = nn.LSTM(feats, h1, bidirectional=True, batch_first=True)
        self.drop = nn.Dropout(0.2)
        self.lstm2 = nn.LSTM(h1, h2, batch_first=True)
        self.fc = nn.Linear(h2, classes)

    def forward(self, x):
        x, _ = self.lstm1(x)
        x, _ = self.lstm2(self.drop(x))
        return self.fc(x[:, -1])
