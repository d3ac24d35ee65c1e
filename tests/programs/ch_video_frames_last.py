import numpy as np
import torch
from torch import nn


class R2Plus1D(nn.Module):
    def __init__(self, i, o, stride=1):
        super().__init__()
        mid = (i * o * 27) // (i * 9 + 3 * o)
        self.spatial = nn.Conv3d(i, mid, (1, 3, 3), (1, stride, stride), (0, 1, 1), bias=False)
        self.bn = nn.BatchNorm3d(mid)
        self.temporal = nn.Conv3d(mid, o, (3, 1, 1), (stride, 1, 1), (1, 0, 0), bias=False)

    def forward(self, x):
        return self.temporal(torch.relu(self.bn(self.spatial(x))))


class GestureNet(nn.Module):
    def __init__(self, gestures=27, width=8):
        super().__init__()
        layers, c = [], 3
        for s in (1, 2, 2):
            layers += [R2Plus1D(c, width, s), nn.BatchNorm3d(width), nn.ReLU()]
            c, width = width, width * 2
        self.conv = nn.Sequential(*layers)
        self.fc = nn.Linear(c, gestures)

    def forward(self, clip):
        x = clip / 255.0
        x = self.conv(x)
        x = x.mean(dim=(2, 3, 4))
        return self.fc(x)


def read_clip(n_frames=16, size=64):
    frames = [np.random.randint(0, 255, (size, size, 3), dtype=np.uint8) for _ in range(n_frames)]
    return torch.from_numpy(np.stack(frames)).float()


def collate(items):
    clips, ys = zip(*items)
    clips = torch.stack(clips)
    return clips, torch.tensor(ys)


def main():
    x, y = collate([(read_clip(), 0), (read_clip(), 3)])
    net = GestureNet()
    loss = nn.functional.cross_entropy(net(x), y)
    loss.backward()


if __name__ == "__main__":
    main()
