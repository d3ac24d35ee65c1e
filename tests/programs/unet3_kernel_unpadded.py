import torch
from torch import nn
from torch.nn import functional as F


class ShallowUNet(nn.Module):
    def __init__(self, ch=6):
        super().__init__()
        self.c1 = nn.Conv2d(1, ch, 3)
        self.c2 = nn.Conv2d(ch, ch * 2, 3)
        self.up = nn.ConvTranspose2d(ch * 2, ch, 2, 2)
        self.c3 = nn.Conv2d(ch * 2, ch, 3, padding=1)
        self.out = nn.Conv2d(ch, 1, 1)

    def forward(self, x):
        s = F.relu(self.c1(x))
        y = F.relu(self.c2(F.max_pool2d(s, 2)))
        y = self.up(y)
        y = torch.cat((s, y), 1)
        return self.out(F.relu(self.c3(y)))
