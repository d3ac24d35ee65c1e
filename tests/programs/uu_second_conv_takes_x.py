import torch
from torch import nn


class DoubleConv(nn.Module):
    def __init__(self, cin, cout):
        super().__init__()
        self.conv1 = nn.Conv2d(cin, cin, 3, padding=1)
        self.conv2 = nn.Conv2d(cin, cout, 3, padding=1)
        self.norm = nn.InstanceNorm2d(cout)
        self.act = nn.LeakyReLU(0.1)

    def forward(self, x):
        out = self.act(self.conv1(x))
        out = self.act(self.conv2(x))
        return self.norm(out)


class DenoiseNet(nn.Module):
    def __init__(self, width=16):
        super().__init__()
        self.inp = nn.Conv2d(1, width, 1)
        self.enc = DoubleConv(width, width * 2)
        self.down = nn.AvgPool2d(2)
        self.mid = DoubleConv(width * 2, width * 2)
        self.up = nn.Upsample(scale_factor=2, mode="nearest")
        self.dec = DoubleConv(width * 4, width)
        self.out = nn.Conv2d(width, 1, 1)

    def forward(self, noisy):
        e = self.enc(self.inp(noisy))
        m = self.up(self.mid(self.down(e)))
        d = self.dec(torch.cat([e, m], 1))
        return noisy - self.out(d)


if __name__ == "__main__":
    net = DenoiseNet()
    clean = torch.rand(2, 1, 24, 24)
    loss = nn.functional.l1_loss(net(clean + 0.1 * torch.randn_like(clean)), clean)
    loss.backward()
    print([n for n, p in net.named_parameters() if p.grad is None])
