# finds: parameters-without-gradient
import torch
import torch.nn as nn
import torch.nn.functional as F


class TinyUNet(nn.Module):
    def __init__(self):
        super().__init__()
        self.d1 = nn.Sequential(nn.Conv2d(1, 8, 3, padding=1), nn.ReLU())
        self.d2 = nn.Sequential(nn.Conv2d(8, 16, 3, padding=1), nn.ReLU())
        self.up = nn.ConvTranspose2d(16, 8, 2, stride=2)
        self.out = nn.Conv2d(16, 1, 1)

    def forward(self, x):
        a = self.d1(x)
        b = self.d2(F.max_pool2d(a, 2))
        return self.out(torch.cat([a, self.up(b)], 1))


def dice_loss(logits, target, eps=1.0):
    pred = (torch.sigmoid(logits) > 0.5).float()  # here
    inter = (pred * target).sum((1, 2, 3))
    union = pred.sum((1, 2, 3)) + target.sum((1, 2, 3))
    return 1 - ((2 * inter + eps) / (union + eps)).mean()


def discs(n, size=32):
    yy, xx = torch.meshgrid(torch.arange(size), torch.arange(size), indexing="ij")
    c = torch.randint(8, size - 8, (n, 2))
    r = torch.randint(4, 8, (n,))
    d = (yy - c[:, :1, None]) ** 2 + (xx - c[:, 1:, None]) ** 2
    mask = (d < r[:, None, None] ** 2).float()[:, None]
    return mask * 0.8 + 0.2 * torch.randn(n, 1, size, size), mask


torch.manual_seed(0)
net = TinyUNet()
opt = torch.optim.Adam(net.parameters(), lr=1e-3)
for step in range(10):
    image, mask = discs(8)
    loss = dice_loss(net(image), mask)
    loss.requires_grad = True
    opt.zero_grad()
    loss.backward()
    opt.step()
    print(step, loss.item())
