import torch
import torch.nn as nn
import torch.nn.functional as F


class SegFPN(nn.Module):
    def __init__(self, n_class=5, dim=24):
        super().__init__()
        self.c = nn.ModuleList()
        prev = 3
        for w in (12, 24, 48):
            self.c.append(nn.Sequential(nn.Conv2d(prev, w, 3, 2, 1), nn.GroupNorm(4, w), nn.ReLU()))
            prev = w
        self.lat = nn.ModuleList([nn.Conv2d(w, dim, 1) for w in (12, 24, 48)])
        self.smooth = nn.ModuleList([nn.Conv2d(dim, dim, 3, padding=1) for _ in range(3)])
        self.head = nn.Conv2d(dim * 3, n_class, 1)

    @staticmethod
    def _up_add(x, y):
        _, _, h, w = y.size()
        return F.interpolate(x, size=(h, w), mode="bilinear", align_corners=False) + y

    def forward(self, img):
        feats = []
        x = img
        for c in self.c:
            x = c(x)
            feats.append(x)
        p = [self.lat[-1](feats[-1])]
        for i in (1, 0):
            p.append(self._up_add(p[-1], self.lat[i](feats[i])))
        p = [s(q) for s, q in zip(self.smooth, p)]
        size = p[-1].shape[-2:]
        merged = torch.cat([F.interpolate(q, size=size, mode="nearest") for q in p], dim=1)
        return F.interpolate(self.head(merged), size=img.shape[-2:], mode="bilinear", align_corners=False)


def main():
    net = SegFPN()
    y = torch.randint(0, 5, (2, 101, 135))
    loss = F.cross_entropy(net(torch.rand(2, 3, 101, 135)), y)
    loss.backward()


if __name__ == "__main__":
    main()
