import torch
import torch.nn as nn
import torch.nn.functional as F


class DoubleAttention(nn.Module):
    def __init__(self, in_channels=16, c_m=8, c_n=4):
        super().__init__()
        self.convA = nn.Conv2d(in_channels, c_m, 1)
        self.convB = nn.Conv2d(in_channels, c_n, 1)
        self.convV = nn.Conv2d(in_channels, c_n, 1)
        self.proj = nn.Conv2d(c_m, in_channels, 1)
        self.c_m, self.c_n = c_m, c_n

    def forward(self, x):
        b, c, h, w = x.shape
        A = self.convA(x).view(b, self.c_m, -1)
        B = self.convB(x).view(b, self.c_n, -1)
        V = F.softmax(self.convV(x).view(b, self.c_n, -1), dim=1)
        attention_maps = F.softmax(B, dim=0)
        # step 1: gather
        descriptors = torch.bmm(A, attention_maps.permute(0, 2, 1))
        # step 2: distribute
        z = descriptors.matmul(V).view(b, self.c_m, h, w)
        return x + self.proj(z)
