import torch
import torch.nn as nn


def conv_bn(cin, cout, k, s, p="same"):
    return nn.Sequential(
        nn.Conv1d(cin, cout, k, stride=s, padding=p, bias=False),
        nn.BatchNorm1d(cout),
        nn.ReLU(inplace=True),
    )


class DeepSleep(nn.Module):
    def __init__(self, fs=100):
        super().__init__()
        small, large = fs // 2, fs * 4
        self.small = nn.Sequential(
            conv_bn(1, 16, small, small // 8),
            nn.MaxPool1d(8, 8),
            nn.Dropout(0.5),
            conv_bn(16, 32, 8, 1),
            nn.MaxPool1d(4, 4),
        )
        self.large = nn.Sequential(
            conv_bn(1, 16, large, small),
            nn.MaxPool1d(4, 4),
            nn.Dropout(0.5),
            conv_bn(16, 32, 6, 1),
            nn.MaxPool1d(2, 2),
        )

    def forward(self, x):
        return torch.cat([self.small(x).mean(-1), self.large(x).mean(-1)], dim=1)


class SleepStager(nn.Module):
    """30 s of one EEG channel -> W, N1, N2, N3, REM"""

    def __init__(self, n_stages=5):
        super().__init__()
        self.features = DeepSleep()
        self.fc = nn.Linear(64, n_stages)

    def forward(self, x):
        return self.fc(self.features(x))


if __name__ == "__main__":
    print(SleepStager()(torch.randn(2, 1, 3000)).shape)
