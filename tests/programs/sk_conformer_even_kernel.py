import torch
from torch import nn


class Swish(nn.Module):
    def forward(self, x):
        return x * x.sigmoid()


class Transpose(nn.Module):
    def forward(self, x):
        return x.transpose(1, 2)


class ConvModule(nn.Module):
    def __init__(self, dim, kernel, dropout=0.1):
        super().__init__()
        self.net = nn.Sequential(
            nn.LayerNorm(dim),
            Transpose(),
            nn.Conv1d(dim, dim * 4, 1),
            nn.GLU(dim=1),
            nn.Conv1d(dim * 2, dim * 2, kernel, padding=kernel // 2, groups=dim * 2),
            nn.BatchNorm1d(dim * 2),
            Swish(),
            nn.Conv1d(dim * 2, dim, 1),
            Transpose(),
            nn.Dropout(dropout),
        )

    def forward(self, x):
        return self.net(x)


def feed_forward(dim, mult=4):
    return nn.Sequential(nn.LayerNorm(dim), nn.Linear(dim, dim * mult), Swish(), nn.Linear(dim * mult, dim))


class ConformerBlock(nn.Module):
    def __init__(self, dim, heads, conv_kernel):
        super().__init__()
        self.ff1, self.ff2 = feed_forward(dim), feed_forward(dim)
        self.norm = nn.LayerNorm(dim)
        self.attn = nn.MultiheadAttention(dim, heads, batch_first=True)
        self.conv = ConvModule(dim, conv_kernel)
        self.post = nn.LayerNorm(dim)

    def forward(self, x):
        x = 0.5 * self.ff1(x) + x
        y = self.norm(x)
        x = self.attn(y, y, y)[0] + x
        x = self.conv(x) + x
        x = 0.5 * self.ff2(x) + x
        return self.post(x)


class ConformerEncoder(nn.Module):
    def __init__(self, n_mels=40, dim=32, depth=2, heads=4, vocab=29, conv_kernel=16):
        super().__init__()
        self.proj = nn.Linear(n_mels, dim)
        self.blocks = nn.ModuleList([ConformerBlock(dim, heads, conv_kernel) for _ in range(depth)])
        self.ctc = nn.Linear(dim, vocab)

    def forward(self, mels):
        x = self.proj(mels)
        for block in self.blocks:
            x = block(x)
        return self.ctc(x).log_softmax(-1)


if __name__ == "__main__":
    enc = ConformerEncoder()
    logp = enc(torch.rand(2, 100, 40))
    targets = torch.randint(1, 29, (2, 20))
    lens = torch.full((2,), logp.size(1)), torch.full((2,), 20)
    print(nn.CTCLoss()(logp.transpose(0, 1), targets, *lens))
