import torch
import torch.nn as nn
import torch.nn.functional as F


class Up3(nn.Module):
    """A small relative of UNet 3+: each scale is brought to full size."""

    def __init__(self, n_channels=1, n_classes=1, base=8):
        super().__init__()
        self.e1 = nn.Conv2d(n_channels, base, 3, padding=1)
        self.e2 = nn.Conv2d(base, base * 2, 3, padding=1)
        self.e3 = nn.Conv2d(base * 2, base * 4, 3, padding=1)
        self.fuse = nn.Conv2d(base * 7, base, 3, padding=1)
        self.outconv1 = nn.Conv2d(base, n_classes, 3, padding=1)

    def forward(self, inputs):
        h1 = F.relu(self.e1(inputs))
        h2 = F.relu(self.e2(F.max_pool2d(h1, 2)))
        h3 = F.relu(self.e3(F.max_pool2d(h2, 2)))
        size = inputs.shape[2:]
        full = [h1] + [F.interpolate(h, size=size, mode="bilinear", align_corners=False) for h in (h2, h3)]
        d1 = self.outconv1(F.relu(self.fuse(torch.cat(full, 1))))
        return torch.sigmoid(d1)


class DiceBCE(nn.Module):
    def __init__(self):
        super().__init__()
        self.bce = nn.BCEWithLogitsLoss()

    def forward(self, pred, mask):
        inter = (pred * mask).sum((1, 2, 3))
        dice = (2 * inter + 1) / (pred.sum((1, 2, 3)) + mask.sum((1, 2, 3)) + 1)
        return self.bce(pred, mask) + (1 - dice).mean()


def fit():
    net = Up3()
    objective = DiceBCE()
    optimizer = torch.optim.Adam(net.parameters(), lr=1e-4)
    history = []
    for epoch in range(3):
        slices = torch.rand(2, 1, 32, 32)
        vessels = (slices > 0.8).float()
        prediction = net(slices)
        loss = objective(prediction, vessels)
        optimizer.zero_grad()
        loss.backward()
        optimizer.step()
        history.append(loss.item())
    return history


if __name__ == "__main__":
    print(fit())
