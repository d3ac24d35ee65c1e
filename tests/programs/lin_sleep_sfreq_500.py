import torch
from torch import nn


class _SmallCNN(nn.Module):
    def __init__(self, n_chans, sfreq, act, drop):
        super().__init__()
        first = int(sfreq // 2)
        stride = int(sfreq // 16)
        self.conv1 = nn.Sequential(
            nn.Conv1d(n_chans, 16, first, stride, padding=first // 2, bias=False), nn.BatchNorm1d(16), act()
        )
        self.pool1 = nn.MaxPool1d(8, 8)
        self.dropout = nn.Dropout(drop)
        self.conv2 = nn.Sequential(nn.Conv1d(16, 32, 8, padding=4, bias=False), nn.BatchNorm1d(32), act())
        self.conv3 = nn.Sequential(nn.Conv1d(32, 32, 8, padding=4, bias=False), nn.BatchNorm1d(32), act())
        self.pool2 = nn.MaxPool1d(4, 4)

    def forward(self, x):
        x = self.dropout(self.pool1(self.conv1(x)))
        return self.pool2(self.conv3(self.conv2(x)))


class _LargeCNN(nn.Module):
    def __init__(self, n_chans, sfreq, act, drop):
        super().__init__()
        self.conv1 = nn.Sequential(
            nn.Conv1d(n_chans, 16, sfreq * 4, sfreq // 2, padding=sfreq * 2, bias=False), nn.BatchNorm1d(16), act()
        )
        self.pool1 = nn.MaxPool1d(2, 2)
        self.dropout = nn.Dropout(drop)
        self.conv2 = nn.Sequential(nn.Conv1d(16, 32, 6, padding=3, bias=False), nn.BatchNorm1d(32), act())
        self.pool2 = nn.MaxPool1d(1, 1)

    def forward(self, x):
        x = self.pool1(self.conv1(x))
        return self.pool2(self.conv2(self.dropout(x)))


class SleepNet(nn.Module):
    """Two branches and a linear classifier; 30 s windows."""

    def __init__(self, n_outputs=5, n_chans=1, sfreq=100, act_large=nn.ELU, act_small=nn.ReLU, drop=0.5):
        super().__init__()
        self.cnn1 = _SmallCNN(n_chans, sfreq, act_small, drop)
        self.cnn2 = _LargeCNN(n_chans, sfreq, act_large, drop)
        self.len_last_layer = 768
        self.fc = nn.Sequential(nn.Linear(self.len_last_layer, 128), nn.BatchNorm1d(128), nn.ReLU())
        self.final_layer = nn.Linear(128, n_outputs)

    def forward(self, x):
        x1 = self.cnn1(x).flatten(1)
        x2 = self.cnn2(x).flatten(1)
        x = torch.cat((x1, x2), dim=1)
        return self.final_layer(self.fc(x))


if __name__ == "__main__":
    model = SleepNet(n_chans=4, sfreq=200)
    print(model(torch.randn(2, 4, 30 * 200)).shape)
