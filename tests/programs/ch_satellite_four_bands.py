import torch
import torch.nn as nn


class Block(nn.Module):
    def __init__(self, i, o):
        super().__init__()
        self.conv = nn.Conv2d(i, o, 3, stride=2, padding=1)
        self.norm = nn.BatchNorm2d(o)

    def forward(self, x):
        return torch.relu(self.norm(self.conv(x)))


class LandCover(nn.Module):
    def __init__(self, classes=9):
        super().__init__()
        self.stem = nn.Conv2d(3, 24, 3, padding=1)
        self.blocks = nn.Sequential(Block(24, 32), Block(32, 48), Block(48, 64))
        self.head = nn.Linear(64, classes)

    def forward(self, x):
        x = self.blocks(self.stem(x))
        return self.head(x.mean(dim=(2, 3)))


def read_tiles(n):
    rgb = torch.rand(n, 3, 64, 64)
    nir = torch.rand(n, 1, 64, 64)
    return torch.cat((rgb, nir), dim=1), torch.randint(0, 9, (n,))


def main():
    model = LandCover()
    optim = torch.optim.Adam(model.parameters(), lr=2e-4)
    loss_fn = nn.CrossEntropyLoss()
    tiles, labels = read_tiles(8)
    for i in range(0, 8, 4):
        optim.zero_grad()
        loss_fn(model(tiles[i:i + 4]), labels[i:i + 4]).backward()
        optim.step()


if __name__ == "__main__":
    main()
