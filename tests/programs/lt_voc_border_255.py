import numpy as np
import torch
import torch.nn as nn
from torch.utils.data import DataLoader, Dataset

VOC_CLASSES = ["background", "aeroplane", "bicycle", "bird", "boat", "bottle", "bus", "car", "cat", "chair", "cow",
               "diningtable", "dog", "horse", "motorbike", "person", "potted plant", "sheep", "sofa", "train", "tv"]


class FakeVOC(Dataset):
    """palette masks: 0..20, the border of every object is 255"""

    def __len__(self):
        return 6

    def __getitem__(self, i):
        rng = np.random.default_rng(i)
        img = rng.integers(0, 256, (48, 48, 3)).astype(np.float32) / 255.0
        mask = np.zeros((48, 48), dtype=np.uint8)
        mask[10:30, 10:30] = 255
        mask[12:28, 12:28] = rng.integers(1, 21)
        return torch.from_numpy(img).permute(2, 0, 1), torch.from_numpy(mask).long()


class FCNHead(nn.Module):
    def __init__(self, n_class=len(VOC_CLASSES)):
        super().__init__()
        self.down = nn.Sequential(
            nn.Conv2d(3, 16, 3, padding=1), nn.BatchNorm2d(16), nn.ReLU(), nn.MaxPool2d(2),
            nn.Conv2d(16, 32, 3, padding=1), nn.BatchNorm2d(32), nn.ReLU(), nn.MaxPool2d(2),
        )
        self.up = nn.Sequential(
            nn.ConvTranspose2d(32, 16, 2, stride=2), nn.ReLU(),
            nn.ConvTranspose2d(16, 16, 2, stride=2), nn.ReLU(),
            nn.Conv2d(16, n_class, 1),
        )

    def forward(self, x):
        return self.up(self.down(x))


def train():
    loader = DataLoader(FakeVOC(), batch_size=2)
    net = FCNHead()
    criterion = nn.CrossEntropyLoss()
    optimizer = torch.optim.SGD(net.parameters(), lr=0.01, momentum=0.9)
    for imgs, masks in loader:
        optimizer.zero_grad()
        out = net(imgs)
        loss = criterion(out, masks)
        loss.backward()
        optimizer.step()


if __name__ == "__main__":
    train()
