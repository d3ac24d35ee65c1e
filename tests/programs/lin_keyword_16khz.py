import torch
import torch.nn as nn


class Branch(nn.Module):
    def __init__(self, k):
        super().__init__()
        self.seq = nn.Sequential(
            nn.Conv1d(1, 16, k, stride=4, padding=k // 2), nn.ReLU(), nn.MaxPool1d(4),
            nn.Conv1d(16, 32, k, stride=4, padding=k // 2), nn.ReLU(), nn.MaxPool1d(4),
        )

    def forward(self, x):
        return self.seq(x).flatten(1)


class TwoScaleKWS(nn.Module):
    def __init__(self, words=12):
        super().__init__()
        self.small, self.large = Branch(9), Branch(33)
        self.energy = nn.AdaptiveAvgPool1d(20)
        self.fc = nn.Sequential(nn.Linear(992 * 2 + 20, 64), nn.ReLU(), nn.Linear(64, words))

    def forward(self, wave):
        e = self.energy(wave.abs()).squeeze(1)
        return self.fc(torch.cat((self.small(wave), self.large(wave), e), dim=-1))


if __name__ == "__main__":
    one_second = torch.randn(3, 1, 16000)
    print(TwoScaleKWS()(one_second).shape)
