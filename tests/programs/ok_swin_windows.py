import torch
import torch.nn as nn


def window_partition(x, ws):
    b, h, w, c = x.shape
    x = x.view(b, h // ws, ws, w // ws, ws, c)
    return x.permute(0, 1, 3, 2, 4, 5).contiguous().view(-1, ws, ws, c)


def window_reverse(windows, ws, h, w):
    b = int(windows.shape[0] / (h * w / ws / ws))
    x = windows.view(b, h // ws, w // ws, ws, ws, -1)
    return x.permute(0, 1, 3, 2, 4, 5).contiguous().view(b, h, w, -1)


class WindowAttention(nn.Module):
    def __init__(self, dim, heads):
        super().__init__()
        self.heads, self.scale = heads, (dim // heads) ** -0.5
        self.qkv, self.proj = nn.Linear(dim, dim * 3), nn.Linear(dim, dim)

    def forward(self, x):
        b, n, c = x.shape
        q, k, v = self.qkv(x).reshape(b, n, 3, self.heads, c // self.heads).permute(2, 0, 3, 1, 4)
        a = ((q * self.scale) @ k.transpose(-2, -1)).softmax(-1)
        return self.proj((a @ v).transpose(1, 2).reshape(b, n, c))


class WindowNet(nn.Module):
    def __init__(self, dim=24, heads=3, ws=4, classes=10):
        super().__init__()
        self.embed = nn.Conv2d(3, dim, 2, 2)
        self.norm = nn.LayerNorm(dim)
        self.attn = WindowAttention(dim, heads)
        self.ws = ws
        self.reduce = nn.Linear(4 * dim, 2 * dim, bias=False)
        self.head = nn.Linear(2 * dim, classes)

    def forward(self, img):
        x = self.embed(img).permute(0, 2, 3, 1)
        b, h, w, c = x.shape
        y = window_partition(torch.roll(self.norm(x), (-2, -2), (1, 2)), self.ws)
        y = self.attn(y.view(-1, self.ws * self.ws, c)).view(-1, self.ws, self.ws, c)
        x = x + torch.roll(window_reverse(y, self.ws, h, w), (2, 2), (1, 2))
        x = torch.cat([x[:, 0::2, 0::2], x[:, 1::2, 0::2], x[:, 0::2, 1::2], x[:, 1::2, 1::2]], -1)
        x = self.reduce(x.view(b, -1, 4 * c))
        return self.head(x.mean(1))


if __name__ == "__main__":
    print(WindowNet()(torch.rand(2, 3, 32, 32)).shape)
