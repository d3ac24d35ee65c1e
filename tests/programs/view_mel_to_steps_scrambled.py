import torch
import torch.nn as nn
import torch.nn.functional as F


class BirdRNN(nn.Module):
    """mel spectrogram (batch, 1, mel, time) -> a GRU over time"""

    def __init__(self, species=6):
        super().__init__()
        self.conv = nn.Conv2d(1, 8, 3, padding=1)
        self.bn = nn.BatchNorm2d(8)
        self.rnn = nn.GRU(8 * 40, 32, batch_first=True)
        self.fc = nn.Linear(32, species)

    def forward(self, x):
        x = F.relu(self.bn(self.conv(x)))
        b = x.size(0)
        x = x.view(b, x.size(3), -1)
        _, h = self.rnn(x)
        return self.fc(h[-1])


def main():
    songs, kind = torch.randn(9, 1, 40, 64), torch.randint(0, 6, (9,))
    net = BirdRNN()
    opt = torch.optim.Adam(net.parameters(), lr=1e-3)
    for i in range(0, 9, 3):
        opt.zero_grad()
        loss = F.cross_entropy(net(songs[i:i + 3]), kind[i:i + 3])
        loss.backward()
        opt.step()


if __name__ == "__main__":
    main()
