import torch
from torch import nn


class PatchEmbedding(nn.Module):
    def __init__(self, in_channels=3, patch=4, dim=32):
        super().__init__()
        self.patcher = nn.Conv2d(in_channels, dim, kernel_size=patch, stride=patch)
        self.flatten = nn.Flatten(start_dim=2, end_dim=3)

    def forward(self, x):
        return self.flatten(self.patcher(x)).permute(0, 2, 1)


class ViT(nn.Module):
    def __init__(self, img_size=32, patch=4, dim=32, heads=4, classes=10):
        super().__init__()
        self.class_embedding = nn.Parameter(torch.randn(1, 1, dim))
        self.position_embedding = nn.Parameter(torch.randn(1, (img_size // patch) ** 2 + 1, dim))
        self.patches = PatchEmbedding(3, patch, dim)
        self.encoder = nn.TransformerEncoder(nn.TransformerEncoderLayer(dim, heads, 64, batch_first=True), 1)
        self.head = nn.Linear(dim, classes)

    def forward(self, x):
        batch_size = x.shape[0]
        token = self.class_embedding.expand(batch_size, -1, -1)
        x = torch.cat((token, self.patches(x)), dim=1)
        x = self.position_embedding + x
        return self.head(self.encoder(x)[:, 0])
