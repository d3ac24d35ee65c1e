import torch
import torch.nn as nn
import torch.nn.functional as F
from torch.utils import data

cfg = {
    'model': {'arch': 'pspnet', 'n_classes': 5},
    'data': {'dataset': 'scenes', 'img_rows': 32},
    'training': {'train_iters': 9, 'batch_size': 4, 'n_workers': 0, 'lr': 1e-3},
}


class Scenes(data.Dataset):
    def __init__(self, size, n):
        self.size, self.n = size, n

    def __len__(self):
        return self.n

    def __getitem__(self, index):
        return torch.rand(3, self.size, self.size), torch.randint(0, 5, (self.size, self.size))


class PyramidPooling(nn.Module):
    def __init__(self, channels, pool_sizes):
        super().__init__()
        reduced = channels // len(pool_sizes)
        self.paths = nn.ModuleList([
            nn.Sequential(nn.AdaptiveAvgPool2d(s), nn.Conv2d(channels, reduced, 1, bias=False),
                          nn.BatchNorm2d(reduced), nn.ReLU(inplace=True))
            for s in pool_sizes])

    def forward(self, x):
        h, w = x.shape[2:]
        out = [x]
        for path in self.paths:
            out.append(F.interpolate(path(x), size=(h, w), mode='bilinear', align_corners=True))
        return torch.cat(out, dim=1)


class PSPSmall(nn.Module):
    def __init__(self, n_classes=5):
        super().__init__()
        self.stem = nn.Sequential(nn.Conv2d(3, 32, 3, 2, 1), nn.BatchNorm2d(32), nn.ReLU(True),
                                  nn.Conv2d(32, 64, 3, 2, 1), nn.BatchNorm2d(64), nn.ReLU(True))
        self.pyramid = PyramidPooling(64, [1, 2, 4, 8])
        self.cls = nn.Conv2d(128, n_classes, 1)

    def forward(self, x):
        size = x.shape[2:]
        return F.interpolate(self.cls(self.pyramid(self.stem(x))), size=size, mode='bilinear', align_corners=True)


def main():
    t_loader = Scenes(cfg['data']['img_rows'], n=33)
    trainloader = data.DataLoader(t_loader, batch_size=cfg['training']['batch_size'],
                                  num_workers=cfg['training']['n_workers'], shuffle=True)
    model = PSPSmall(cfg['model']['n_classes'])
    optimizer = torch.optim.SGD(model.parameters(), lr=cfg['training']['lr'])
    loss_fn = nn.CrossEntropyLoss(ignore_index=250)
    i = 0
    while i < cfg['training']['train_iters']:
        for images, labels in trainloader:
            i += 1
            model.train()
            optimizer.zero_grad()
            outputs = model(images)
            loss = loss_fn(outputs, labels)
            loss.backward()
            optimizer.step()


if __name__ == '__main__':
    main()
