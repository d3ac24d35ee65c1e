import torch
import torch.nn as nn
import torch.nn.functional as F
from torch.utils.data import DataLoader, Dataset


def double_conv(i, o):
    return nn.Sequential(
        nn.Conv2d(i, o, 3, padding=1, bias=False), nn.BatchNorm2d(o), nn.ReLU(True),
        nn.Conv2d(o, o, 3, padding=1, bias=False), nn.BatchNorm2d(o), nn.ReLU(True),
    )


class UNet(nn.Module):
    def __init__(self, n_channels, n_classes):
        super().__init__()
        self.n_classes = n_classes
        self.inc, self.down = double_conv(n_channels, 8), double_conv(8, 16)
        self.up, self.merge = nn.ConvTranspose2d(16, 8, 2, 2), double_conv(16, 8)
        self.outc = nn.Conv2d(8, n_classes, 1)

    def forward(self, x):
        a = self.inc(x)
        b = self.down(F.max_pool2d(a, 2))
        return self.outc(self.merge(torch.cat([a, self.up(b)], 1)))


class BasicDataset(Dataset):
    def __init__(self, n=6, scale=0.5):
        self.n, self.scale = n, scale

    def __len__(self):
        return self.n

    def preprocess(self, array, is_mask):
        if is_mask:
            return array
        return array.float() / 255

    def __getitem__(self, i):
        picture = torch.randint(0, 256, (3, 32, 48), dtype=torch.uint8)
        drawn = torch.zeros(32, 48, dtype=torch.uint8)
        drawn[8:20, 10:30] = 255
        return {"image": self.preprocess(picture, False), "mask": self.preprocess(drawn, True).long()}


def train_net():
    net = UNet(n_channels=3, n_classes=2)
    optimizer = torch.optim.RMSprop(net.parameters(), lr=1e-5, weight_decay=1e-8, momentum=0.9)
    criterion = nn.CrossEntropyLoss()
    net.train()
    for batch in DataLoader(BasicDataset(), batch_size=2, shuffle=True):
        masks_pred = net(batch["image"])
        loss = criterion(masks_pred, batch["mask"])
        optimizer.zero_grad(set_to_none=True)
        loss.backward()
        nn.utils.clip_grad_value_(net.parameters(), 0.1)
        optimizer.step()


if __name__ == "__main__":
    train_net()
