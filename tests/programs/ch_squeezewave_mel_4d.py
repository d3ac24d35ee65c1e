import torch
import torch.nn as nn


class WN(nn.Module):
    def __init__(self, n_mel_channels=80, n_layers=3, n_channels=16):
        super(WN, self).__init__()
        self.n_layers = n_layers
        self.n_channels = n_channels
        self.in_layers = torch.nn.ModuleList()
        self.cond_layer = torch.nn.Conv1d(n_mel_channels, 2 * n_channels * n_layers, 1)
        for i in range(n_layers):
            self.in_layers.append(torch.nn.Conv1d(2 * n_channels, 2 * n_channels, 3, padding=1))

    def forward(self, spect):
        spect = self.cond_layer(spect)
        out = 0
        for i in range(self.n_layers):
            part = spect[:, i * 2 * self.n_channels:(i + 1) * 2 * self.n_channels, :]
            out = out + torch.tanh(self.in_layers[i](part))
        return out


def infer():
    mel_postnet = torch.rand(1, 80, 133)
    mel = torch.unsqueeze(mel_postnet, 0)
    return WN()(mel)


if __name__ == "__main__":
    infer()
