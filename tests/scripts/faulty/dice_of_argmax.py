# finds: loss-part-cut
import torch
import torch.nn as nn
import torch.nn.functional as F

torch.manual_seed(2)
NUM_CLASSES = 3


def synthetic_slices(n, size=32):
    yy, xx = torch.meshgrid(torch.arange(size), torch.arange(size), indexing="ij")
    images, masks = [], []
    for _ in range(n):
        cy, cx = torch.randint(8, size - 8, (2,))
        r = torch.sqrt((yy - cy).float() ** 2 + (xx - cx).float() ** 2)
        mask = (r < 8).long() + (r < 4).long()
        images.append(mask.float() + 0.3 * torch.randn(size, size))
        masks.append(mask)
    return torch.stack(images).unsqueeze(1), torch.stack(masks)


class TinyUNet(nn.Module):
    def __init__(self, c=12):
        super().__init__()
        self.d1 = nn.Sequential(nn.Conv2d(1, c, 3, padding=1), nn.BatchNorm2d(c), nn.ReLU())
        self.d2 = nn.Sequential(nn.Conv2d(c, 2 * c, 3, padding=1), nn.BatchNorm2d(2 * c), nn.ReLU())
        self.up = nn.ConvTranspose2d(2 * c, c, 2, stride=2)
        self.last = nn.Sequential(nn.Conv2d(2 * c, c, 3, padding=1), nn.ReLU(), nn.Conv2d(c, NUM_CLASSES, 1))

    def forward(self, x):
        a = self.d1(x)
        b = self.d2(F.max_pool2d(a, 2))
        return self.last(torch.cat([a, self.up(b)], 1))


def dice_loss(logits, target, eps=1e-6):
    pred = F.one_hot(logits.argmax(dim=1), NUM_CLASSES).permute(0, 3, 1, 2).float()  # here
    truth = F.one_hot(target, NUM_CLASSES).permute(0, 3, 1, 2).float()
    inter = (pred * truth).sum(dim=(0, 2, 3))
    union = pred.sum(dim=(0, 2, 3)) + truth.sum(dim=(0, 2, 3))
    return 1 - ((2 * inter + eps) / (union + eps)).mean()


images, masks = synthetic_slices(24)
model = TinyUNet()
optimizer = torch.optim.Adam(model.parameters(), lr=1e-3)
for epoch in range(3):
    model.train()
    for idx in torch.randperm(len(images)).split(6):
        logits = model(images[idx])
        loss = F.cross_entropy(logits, masks[idx]) + dice_loss(logits, masks[idx])
        optimizer.zero_grad()
        loss.backward()
        optimizer.step()
    print(epoch, round(loss.item(), 4))
