import torch
from torch import nn


class GatedLayer(nn.Module):
    def __init__(self, channels, dilation):
        super().__init__()
        self.filter = nn.Conv1d(channels, channels, 2, dilation=dilation, padding=dilation)
        self.gate = nn.Conv1d(channels, channels, 2, dilation=dilation, padding=dilation)
        self.residual = nn.Conv1d(channels, channels, 1)
        self.skip = nn.Conv1d(channels, channels, 1)

    def forward(self, x):
        length = x.size(-1)
        f = torch.tanh(self.filter(x)[..., :length])
        g = torch.sigmoid(self.gate(x)[..., :length])
        z = f * g
        return x + self.residual(z), self.skip(z)


class WaveStack(nn.Module):
    def __init__(self, channels=16, dilations=(1, 2, 4, 8), out=1):
        super().__init__()
        self.inp = nn.Conv1d(1, channels, 1)
        self.layers = nn.ModuleList(GatedLayer(channels, d) for d in dilations)
        self.act = nn.ReLU(inplace=True)
        self.end1 = nn.Conv1d(channels, channels, 1)
        self.end2 = nn.Conv1d(channels, out, 1)

    def forward(self, x):
        x = self.inp(x)
        total = 0
        for layer in self.layers:
            x, skip = layer(x)
            total = total + skip
        self.act(total)
        h = self.end1(total)
        self.act(h)
        return self.end2(h)


def main():
    net = WaveStack()
    opt = torch.optim.Adam(net.parameters())
    wave = torch.randn(2, 1, 200)
    target = (wave > 0).float()
    loss = nn.BCEWithLogitsLoss()(net(wave), target)
    loss.backward()
    opt.step()
    return torch.sigmoid(net(wave)).round()


if __name__ == "__main__":
    main()
