import torch
import torch.nn as nn
from torch.utils.data import DataLoader, TensorDataset


class VoiceConv(nn.Module):
    def __init__(self, n_mels=32, hid=48):
        super().__init__()
        self.inp = nn.Linear(n_mels, hid)
        self.norm = nn.InstanceNorm1d(hid)
        self.rnn = nn.LSTM(hid, hid, batch_first=True)
        self.out = nn.Linear(hid, n_mels)

    def forward(self, mel):
        x = self.norm(self.inp(mel))
        x, _ = self.rnn(torch.relu(x))
        return self.out(x)


def fit():
    source = torch.randn(24, 60, 32)
    target = source.roll(1, dims=2) * 0.8
    loader = DataLoader(TensorDataset(source, target), batch_size=6, shuffle=True)
    net = VoiceConv()
    optim = torch.optim.Adam(net.parameters(), lr=1e-3)
    l1 = nn.L1Loss()
    for epoch in range(2):
        for src, tgt in loader:
            optim.zero_grad()
            loss = l1(net(src), tgt)
            loss.backward()
            optim.step()


if __name__ == "__main__":
    fit()
