import torch
from torch import nn

DROPS = {
    'map': nn.Dropout2d,
    'flat': nn.Dropout2d,
}
CFG = {'widths': (16, 32, 64), 'p_map': 0.1, 'p_flat': 0.5, 'classes': 4}


def block(cin, cout, p):
    return nn.Sequential(
        nn.Conv2d(cin, cout, 3, padding=1, bias=False),
        nn.BatchNorm2d(cout),
        nn.ELU(),
        DROPS['map'](p),
        nn.MaxPool2d(2),
    )


class SpectrogramNet(nn.Module):
    def __init__(self, cfg):
        super().__init__()
        chans = (1, *cfg['widths'])
        self.blocks = nn.ModuleList(block(a, b, cfg['p_map']) for a, b in zip(chans, chans[1:]))
        drop = DROPS['flat'](cfg['p_flat'])
        self.head = nn.Sequential(nn.Linear(2 * chans[-1], 32), nn.ELU(), drop, nn.Linear(32, cfg['classes']))

    def forward(self, x):
        for b in self.blocks:
            x = b(x)
        avg, peak = x.mean((2, 3)), x.amax((2, 3))
        return self.head(torch.cat([avg, peak], 1))


def build():
    return SpectrogramNet(CFG)


net = build()

if __name__ == "__main__":
    print(net(torch.rand(4, 1, 64, 80)).shape)
