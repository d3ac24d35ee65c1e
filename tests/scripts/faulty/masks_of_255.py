# finds: loss-target
import torch
from torch import nn
from torch.utils.data import DataLoader, Dataset


class Blobs(Dataset):
    def __init__(self, n):
        g = torch.Generator().manual_seed(3)
        self.images = torch.randint(0, 256, (n, 3, 24, 24), generator=g, dtype=torch.uint8)
        self.masks = ((self.images.float().mean(1, keepdim=True) > 127) * 255).to(torch.uint8)

    def __len__(self):
        return len(self.images)

    def __getitem__(self, i):
        image = self.images[i].float() / 255
        mask = self.masks[i].float()
        return image, mask


def conv(i, o):
    return nn.Sequential(nn.Conv2d(i, o, 3, padding=1), nn.BatchNorm2d(o), nn.ReLU(inplace=True))


def build():
    return nn.Sequential(conv(3, 12), conv(12, 12), nn.Conv2d(12, 1, 1))


def main():
    torch.manual_seed(0)
    loader = DataLoader(Blobs(64), batch_size=8, shuffle=True)
    net = build()
    criterion = nn.BCEWithLogitsLoss()
    optimizer = torch.optim.Adam(net.parameters(), 1e-3)
    for epoch in range(2):
        running = 0.0
        for images, masks in loader:
            optimizer.zero_grad()
            logits = net(images)
            loss = criterion(logits, masks)  # here
            loss.backward()
            optimizer.step()
            running += loss.item() * images.size(0)
        print(f"epoch {epoch}: {running / len(loader.dataset):.4f}")


main()
