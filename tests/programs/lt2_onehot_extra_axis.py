import torch
import torch.nn as nn
import torch.nn.functional as F


def block(i, o):
    return nn.Sequential(nn.Conv2d(i, o, 3, padding=1), nn.BatchNorm2d(o), nn.ReLU(inplace=True))


class SmallUNet(nn.Module):
    def __init__(self, n_classes=4):
        super().__init__()
        self.n_classes = n_classes
        self.d1, self.d2 = block(1, 8), block(8, 16)
        self.up = nn.ConvTranspose2d(16, 8, 2, stride=2)
        self.u1 = block(16, 8)
        self.out = nn.Conv2d(8, n_classes, 1)

    def forward(self, x):
        a = self.d1(x)
        b = self.d2(F.max_pool2d(a, 2))
        return self.out(self.u1(torch.cat([self.up(b), a], 1)))


class DiceLoss(nn.Module):
    def __init__(self, n_classes, smooth=1.0):
        super().__init__()
        self.n_classes, self.smooth = n_classes, smooth

    def forward(self, logits, masks):
        probs = logits.softmax(1)
        onehot = F.one_hot(masks, self.n_classes).permute(0, 3, 1, 2).float()
        inter = (probs * onehot).sum((0, 2, 3))
        total = (probs + onehot).sum((0, 2, 3))
        return 1 - ((2 * inter + self.smooth) / (total + self.smooth)).mean()


def loader(n):
    for _ in range(n):
        yield {"image": torch.rand(3, 1, 32, 32), "mask": torch.randint(0, 4, (3, 1, 32, 32))}


def fit():
    net = SmallUNet()
    criterion = DiceLoss(net.n_classes)
    opt = torch.optim.RMSprop(net.parameters(), lr=1e-4)
    for batch in loader(2):
        pred = net(batch["image"])
        loss = criterion(pred, batch["mask"])
        opt.zero_grad()
        loss.backward()
        opt.step()


if __name__ == "__main__":
    fit()
