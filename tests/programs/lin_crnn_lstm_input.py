import torch
import torch.nn as nn


class CRNN(nn.Module):
    def __init__(self, n_class=37, nh=16):
        super().__init__()
        self.cnn = nn.Sequential(
            nn.Conv2d(1, 32, 3, 1, 1), nn.ReLU(), nn.MaxPool2d(2, 2),
            nn.Conv2d(32, 64, 3, 1, 1), nn.ReLU(), nn.MaxPool2d(2, 2),
            nn.Conv2d(64, 128, 3, 1, 1), nn.ReLU(), nn.MaxPool2d((2, 1), (2, 1)),
        )
        self.fc = nn.Linear(128, 64)
        self.out = nn.Linear(64, n_class)

    def forward(self, x):
        conv = self.cnn(x)
        b, c, h, w = conv.size()
        seq = conv.permute(3, 0, 1, 2).reshape(w, b, c * h)
        return self.out(torch.relu(self.fc(seq)))
