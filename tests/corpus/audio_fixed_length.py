from torch import nn


class SpeechNet(nn.Module):
    """One second of sound."""

    def __init__(self):
        super().__init__()
        self.net = nn.Sequential(
            nn.Conv1d(1, 8, 9, stride=4), nn.ReLU(), nn.Conv1d(8, 16, 9, stride=4), nn.ReLU(), nn.Flatten(),
            nn.Linear(16 * 998, 10),
        )

    def forward(self, wave):
        return self.net(wave)
