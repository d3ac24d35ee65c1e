"""Small networks, each with one kind of condition on its input."""

from __future__ import annotations

import torch
from torch import Tensor, nn
from torch.nn import functional as F


class UNet(nn.Module):
    def __init__(self) -> None:
        super().__init__()
        widths = [4, 8, 16, 32]
        self.down = nn.ModuleList(
            [nn.Conv2d(i, o, 3, padding=1) for i, o in zip([1, *widths], widths, strict=False)]
        )
        self.bottom = nn.Conv2d(32, 64, 3, padding=1)
        self.up = nn.ModuleList([nn.ConvTranspose2d(2 * o, o, 2, 2) for o in reversed(widths)])
        self.merge = nn.ModuleList([nn.Conv2d(2 * o, o, 3, padding=1) for o in reversed(widths)])
        self.out = nn.Conv2d(4, 2, 1)

    def forward(self, x: Tensor) -> Tensor:
        skips: list[Tensor] = []
        for layer in self.down:
            x = torch.relu(layer(x))
            skips.append(x)
            x = F.max_pool2d(x, 2)
        x = self.bottom(x)
        for up, merge, skip in zip(self.up, self.merge, reversed(skips), strict=True):
            x = merge(torch.cat([up(x), skip], 1))
        return self.out(x)


class Positions(nn.Module):
    def __init__(self) -> None:
        super().__init__()
        self.words, self.positions = nn.Embedding(1000, 16), nn.Embedding(512, 16)

    def forward(self, ids: Tensor) -> Tensor:
        return self.words(ids) + self.positions(torch.arange(ids.shape[1]).unsqueeze(0))


class StoredPositions(nn.Module):
    def __init__(self) -> None:
        super().__init__()
        self.words = nn.Embedding(100, 16)
        self.table = nn.Parameter(torch.zeros(1, 40, 16))

    def forward(self, ids: Tensor) -> Tensor:
        return self.words(ids) + self.table[:, : ids.size(1)]


class Kernel(nn.Module):
    def __init__(self) -> None:
        super().__init__()
        self.conv = nn.Conv1d(2, 4, 5)

    def forward(self, x: Tensor) -> Tensor:
        return self.conv(x).mean(2)


class Normed(nn.Module):
    def __init__(self) -> None:
        super().__init__()
        self.fc, self.norm = nn.Linear(6, 4), nn.BatchNorm1d(4)

    def forward(self, x: Tensor) -> Tensor:
        return self.norm(self.fc(x))


class Guarded(nn.Module):
    def __init__(self, size: int = 48) -> None:
        super().__init__()
        self.size = size
        self.conv = nn.Conv2d(3, 4, 8, 8)

    def forward(self, x: Tensor) -> Tensor:
        _, _, height, width = x.shape
        if height != self.size or width != self.size:
            raise ValueError(f"images must be {self.size}×{self.size}")
        return self.conv(x).mean((2, 3))


class Branching(nn.Module):
    def __init__(self) -> None:
        super().__init__()
        self.conv = nn.Conv2d(3, 4, 1)

    def forward(self, x: Tensor) -> Tensor:
        if x.shape[2] > 100:
            x = F.avg_pool2d(x, 2)
        return self.conv(x).mean((2, 3))


class Secret(nn.Module):
    """Its limit is made where no size is seen: in NumPy."""

    def __init__(self) -> None:
        super().__init__()
        self.conv = nn.Conv1d(1, 2, 1)

    def forward(self, x: Tensor) -> Tensor:
        if len(x.detach().numpy()[0, 0]) > 100:
            raise RuntimeError("too long")
        return self.conv(x)


class Pair(nn.Module):
    def __init__(self) -> None:
        super().__init__()
        self.conv, self.fc, self.out = nn.Conv2d(3, 4, 3), nn.Linear(12, 4), nn.Linear(8, 2)

    def forward(self, image: Tensor, table: Tensor) -> Tensor:
        return self.out(torch.cat([self.conv(image).mean((2, 3)), self.fc(table)], 1))


class View(nn.Module):
    def __init__(self) -> None:
        super().__init__()
        self.conv1, self.conv2, self.fc = nn.Conv2d(3, 6, 5), nn.Conv2d(6, 16, 5), nn.Linear(400, 10)

    def forward(self, x: Tensor) -> Tensor:
        x = F.max_pool2d(self.conv1(x), 2)
        x = F.max_pool2d(self.conv2(x), 2)
        return self.fc(x.view(-1, 400))


class Oblong(nn.Module):
    def __init__(self) -> None:
        super().__init__()
        self.conv, self.fc = nn.Conv2d(1, 4, 3), nn.Linear(4 * 35 * 45, 3)

    def forward(self, x: Tensor) -> Tensor:
        return self.fc(self.conv(x).flatten(1))


class Untraceable(nn.Module):
    def __init__(self) -> None:
        super().__init__()
        self.fc = nn.Linear(4, 4)

    def forward(self, x: Tensor) -> Tensor:
        return self.fc(x) if float(x.sum().item()) > 0 else x


class Broken(nn.Module):
    def __init__(self) -> None:
        super().__init__()
        self.conv, self.fc = nn.Conv2d(1, 64, 3), nn.Linear(1000, 3)

    def forward(self, x: Tensor) -> Tensor:
        return self.fc(self.conv(x).flatten(1))
