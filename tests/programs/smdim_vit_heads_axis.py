import torch
import torch.nn as nn

cfg = dict(image=32, patch=8, dim=48, heads=6, depth=2, mlp=96, classes=10)


class PatchEmbedding(nn.Module):
    def __init__(self, image, patch, dim):
        super().__init__()
        self.proj = nn.Conv2d(3, dim, kernel_size=patch, stride=patch)
        self.cls = nn.Parameter(torch.zeros(1, 1, dim))
        self.pos = nn.Parameter(torch.randn(1, (image // patch) ** 2 + 1, dim) * 0.02)

    def forward(self, x):
        b = x.shape[0]
        x = self.proj(x).flatten(2).transpose(1, 2)
        x = torch.cat([self.cls.expand(b, -1, -1), x], dim=1)
        return x + self.pos


class MultiHeadSelfAttention(nn.Module):
    def __init__(self, dim, heads):
        super().__init__()
        self.heads = heads
        self.head_dim = dim // heads
        self.scale = self.head_dim ** -0.5
        self.qkv = nn.Linear(dim, dim * 3)
        self.softmax = nn.Softmax(dim=1)
        self.out = nn.Linear(dim, dim)

    def forward(self, x):
        b, n, d = x.shape
        q, k, v = self.qkv(x).chunk(3, dim=-1)
        q = q.view(b, n, self.heads, self.head_dim).transpose(1, 2)
        k = k.view(b, n, self.heads, self.head_dim).transpose(1, 2)
        v = v.view(b, n, self.heads, self.head_dim).transpose(1, 2)
        # attention weights: (b, heads, n, n)
        scores = torch.matmul(q, k.transpose(-2, -1)) * self.scale
        attn = self.softmax(scores)
        out = torch.matmul(attn, v).transpose(1, 2).reshape(b, n, d)
        return self.out(out)


class Block(nn.Module):
    def __init__(self, dim, heads, mlp):
        super().__init__()
        self.norm1, self.norm2 = nn.LayerNorm(dim), nn.LayerNorm(dim)
        self.attn = MultiHeadSelfAttention(dim, heads)
        self.mlp = nn.Sequential(nn.Linear(dim, mlp), nn.GELU(), nn.Linear(mlp, dim))

    def forward(self, x):
        x = x + self.attn(self.norm1(x))
        return x + self.mlp(self.norm2(x))


class ViT(nn.Module):
    def __init__(self, c=cfg):
        super().__init__()
        self.embed = PatchEmbedding(c["image"], c["patch"], c["dim"])
        self.blocks = nn.Sequential(*[Block(c["dim"], c["heads"], c["mlp"]) for _ in range(c["depth"])])
        self.norm = nn.LayerNorm(c["dim"])
        self.head = nn.Linear(c["dim"], c["classes"])

    def forward(self, x):
        x = self.norm(self.blocks(self.embed(x)))
        return self.head(x[:, 0])


if __name__ == "__main__":
    print(ViT()(torch.rand(2, 3, 32, 32)).shape)
