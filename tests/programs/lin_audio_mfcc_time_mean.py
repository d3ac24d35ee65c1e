import torch
import torch.nn as nn
import torch.nn.functional as F


class TDNNLayer(nn.Module):
    def __init__(self, i, o, context, dilation=1):
        super().__init__()
        self.conv = nn.Conv1d(i, o, context, dilation=dilation)
        self.norm = nn.BatchNorm1d(o)

    def forward(self, x):
        return self.norm(F.relu(self.conv(x)))


class StatsPool(nn.Module):
    def forward(self, x):
        return torch.cat([x.mean(dim=2), x.std(dim=2)], dim=1)


class SpeakerNet(nn.Module):
    """x-vector style network."""

    def __init__(self, n_mfcc=40, channels=96, emb=64, speakers=50):
        super().__init__()
        self.frame = nn.Sequential(
            TDNNLayer(n_mfcc, 48, 5), TDNNLayer(48, 48, 3, 2), TDNNLayer(48, 48, 3, 3), TDNNLayer(48, channels, 1)
        )
        self.pool = StatsPool()
        self.segment = nn.Linear(channels, emb)
        self.bn = nn.BatchNorm1d(emb)
        self.out = nn.Linear(emb, speakers)

    def forward(self, mfcc):
        x = self.pool(self.frame(mfcc))
        e = self.bn(self.segment(x))
        return self.out(F.relu(e)), e


def cosine_score(a, b):
    return F.cosine_similarity(a, b)


def main():
    net = SpeakerNet()
    logits, emb = net(torch.randn(8, 40, 120))
    F.cross_entropy(logits, torch.randint(0, 50, (8,))).backward()
    print(cosine_score(emb[:4], emb[4:]))


if __name__ == "__main__":
    main()
