import torch
import torch.nn as nn
import torch.nn.functional as F


class SegNet(nn.Module):
    def __init__(self, num_classes=4):
        super().__init__()
        self.down = nn.Conv2d(3, 8, 3, stride=2, padding=1)
        self.up = nn.ConvTranspose2d(8, 8, 2, stride=2)
        self.head = nn.Conv2d(8, num_classes, 1)

    def forward(self, x):
        x = F.relu(self.down(x))
        x = F.relu(self.up(x))
        return self.head(x)


def step():
    net = SegNet()
    optim = torch.optim.Adam(net.parameters())
    img = torch.rand(2, 3, 16, 16)
    mask = torch.randint(0, 4, (2, 16, 16))
    onehot = F.one_hot(mask, num_classes=4).float()
    scores = net(img)
    loss = F.cross_entropy(scores, onehot)
    optim.zero_grad()
    loss.backward()
    optim.step()
