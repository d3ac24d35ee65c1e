import torch
from torch import nn

cfg = dict(
    image_size=32,
    patch_size=8,
    channels=3,
    dim=32,
    classes=2,
)


class TinyViT(nn.Module):
    def __init__(self, image_size, patch_size, channels, dim, classes):
        super().__init__()
        n = (image_size // patch_size) ** 2
        self.patches = nn.Conv2d(channels, dim, patch_size, stride=patch_size)
        self.cls = nn.Parameter(torch.zeros(1, 1, dim))
        self.pos = nn.Parameter(torch.zeros(1, n + 1, dim))
        self.block = nn.TransformerEncoderLayer(dim, 4, 64, batch_first=True)
        self.head = nn.Linear(dim, classes)

    def forward(self, img):
        x = self.patches(img).flatten(2).transpose(1, 2)
        x = torch.cat([self.cls.expand(len(x), -1, -1), x], dim=1) + self.pos
        return self.head(self.block(x)[:, 0])


model = TinyViT(**cfg)

if __name__ == "__main__":
    print(model(torch.rand(4, 1, 32, 32)).shape)      # x-rays
