import torch
import torch.nn as nn
import torch.nn.functional as F
from torch.utils.data import DataLoader, TensorDataset

CONFIG = {
    'batch_size': 4,
    'shuffle': True,
    'num_images': 129,
}


class PSPModule(nn.Module):
    def __init__(self, channels=16, bins=(1, 2)):
        super().__init__()
        self.stages = nn.ModuleList([self._stage(channels, b) for b in bins])
        self.out = nn.Conv2d(channels + 8 * len(bins), 3, 1)

    def _stage(self, channels, size):
        return nn.Sequential(
            nn.AdaptiveAvgPool2d(size),
            nn.Conv2d(channels, 8, 1, bias=False),
            nn.BatchNorm2d(8),
            nn.ReLU(inplace=True),
        )

    def forward(self, x):
        h, w = x.shape[-2:]
        feats = [x] + [F.interpolate(stage(x), (h, w), mode='bilinear', align_corners=False) for stage in self.stages]
        return self.out(torch.cat(feats, 1))


def main():
    n = CONFIG['num_images']
    train_set = TensorDataset(torch.rand(n, 16, 8, 8), torch.randint(0, 3, (n, 8, 8)))
    loader_args = {'batch_size': CONFIG['batch_size'], 'shuffle': CONFIG['shuffle']}
    train_loader = DataLoader(train_set, **loader_args)
    net = PSPModule()
    optimizer = torch.optim.SGD(net.parameters(), lr=0.01)
    for image, target in train_loader:
        loss = F.cross_entropy(net(image), target)
        optimizer.zero_grad()
        loss.backward()
        optimizer.step()
