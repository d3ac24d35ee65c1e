import torch
import torch.nn as nn


class BasicCNN(nn.Module):
    def __init__(self, kernel=(3, 3), bands=5):
        super().__init__()
        self.conv1 = nn.Conv2d(bands, 32, kernel, padding=(1, 1))
        self.conv2 = nn.Conv2d(32, 32, kernel, padding=1)
        self.pool1 = nn.MaxPool2d((2, 2), stride=2)
        self.conv3 = nn.Conv2d(32, 64, kernel, padding=1)
        self.pool2 = nn.MaxPool2d((2, 2), stride=2)

    def forward(self, x):
        x = torch.relu(self.conv2(torch.relu(self.conv1(x))))
        x = self.pool1(x)
        return self.pool2(torch.relu(self.conv3(x)))


class EEGImageNet(nn.Module):
    """(batch, windows, bands, 32, 32)"""

    def __init__(self, n_classes=4):
        super().__init__()
        self.net = BasicCNN()
        self.rnn = nn.LSTM(64 * 8 * 8, 16, batch_first=True)
        self.fc = nn.Linear(16, n_classes)

    def forward(self, x):
        b, t, c, h, w = x.shape
        f = self.net(x.view(b * t, c, h, w))
        out, _ = self.rnn(f.reshape(b, t, -1))
        return self.fc(out[:, -1])
