import torch
import torch.nn as nn

CFG = {"mini": [8, "M", 16, "M", 32, "M", 64, "M", 64, "M"]}


class VGG(nn.Module):
    def __init__(self, name="mini"):
        super().__init__()
        self.features = self._make_layers(CFG[name])
        self.classifier = nn.Linear(64, 10)

    def forward(self, x):
        out = self.features(x)
        out = out.view(out.size(0), -1)
        return self.classifier(out)

    def _make_layers(self, cfg):
        layers = []
        in_channels = 1
        for x in cfg:
            if x == "M":
                layers += [nn.MaxPool2d(kernel_size=2, stride=2)]
            else:
                layers += [nn.Conv2d(in_channels, x, kernel_size=3, padding=1), nn.BatchNorm2d(x), nn.ReLU(inplace=True)]
                in_channels = x
        return nn.Sequential(*layers)


def step():
    digits = torch.rand(4, 1, 28, 28)
    return VGG()(digits)


if __name__ == "__main__":
    step()
