import torch
import torch.nn as nn


def conv_bn(i, o, s):
    return nn.Sequential(nn.Conv2d(i, o, 3, s, 1, bias=False), nn.BatchNorm2d(o), nn.ReLU6(inplace=True))


def dw(i, o, s):
    return nn.Sequential(
        nn.Conv2d(i, i, 3, s, 1, groups=i, bias=False), nn.BatchNorm2d(i), nn.ReLU6(inplace=True),
        nn.Conv2d(i, o, 1, bias=False), nn.BatchNorm2d(o), nn.ReLU6(inplace=True),
    )


class MobileNet(nn.Module):
    settings = [(32, 1), (64, 2), (64, 1), (128, 2)]

    def __init__(self, n_class=20, width_mult=1.0):
        super().__init__()
        self.stem = conv_bn(3, int(16 * width_mult), 2)
        c_in = 16
        blocks = []
        for c, s in self.settings:
            c_out = int(c * width_mult)
            blocks.append(dw(c_in, c_out, s))
            c_in = c_out
        self.blocks = nn.Sequential(*blocks)
        self.pool = nn.AdaptiveAvgPool2d(1)
        self.classifier = nn.Sequential(nn.Dropout(0.2), nn.Linear(c_in, n_class))

    def forward(self, x):
        x = self.pool(self.blocks(self.stem(x)))
        return self.classifier(x.flatten(1))


mobile = MobileNet(width_mult=0.75)


def train(epochs=1):
    opt = torch.optim.RMSprop(mobile.parameters(), 1e-3)
    for _ in range(epochs):
        x, y = torch.rand(2, 3, 64, 64), torch.tensor([1, 5])
        loss = nn.functional.cross_entropy(mobile(x), y)
        opt.zero_grad()
        loss.backward()
        opt.step()


if __name__ == "__main__":
    train()
