import torch
import torch.nn as nn
import torch.nn.functional as F


class ASPPLite(nn.Module):
    def __init__(self, i, o):
        super().__init__()
        self.branches = nn.ModuleList([nn.Conv2d(i, o, 3, padding=d, dilation=d) for d in (1, 2, 4)])
        self.merge = nn.Conv2d(3 * o, o, 1)

    def forward(self, x):
        return F.relu(self.merge(torch.cat([b(x) for b in self.branches], 1)))


class LandCover(nn.Module):
    """4 bands (RGB + NIR) -> 6 kinds of ground"""

    def __init__(self, bands=4, kinds=6):
        super().__init__()
        self.stem = nn.Sequential(nn.Conv2d(bands, 16, 3, padding=1), nn.ReLU())
        self.aspp = ASPPLite(16, 16)
        self.cls = nn.Conv2d(16, kinds, 1)

    def forward(self, x):
        return self.cls(self.aspp(self.stem(x)))


def accuracy(pred, mask):
    return (pred == mask).float().mean().item()


def train_model(epochs=1):
    model = LandCover()
    criterion = nn.CrossEntropyLoss()
    optimizer = torch.optim.SGD(model.parameters(), lr=0.01)
    for _ in range(epochs):
        tiles, mask = torch.rand(2, 4, 24, 24), torch.randint(0, 6, (2, 24, 24))
        output = model(tiles)
        pred = torch.argmax(output, dim=1)
        loss = criterion(pred, mask)
        optimizer.zero_grad()
        loss.backward()
        optimizer.step()
        print(loss.item(), accuracy(pred, mask))


if __name__ == "__main__":
    train_model()
