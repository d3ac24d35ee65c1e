import torch
import torch.nn as nn


def conv3x3(cin, cout):
    return nn.Sequential(nn.Conv2d(cin, cout, 3, padding=1), nn.BatchNorm2d(cout), nn.ReLU(inplace=True), nn.MaxPool2d(2))


class ConvEncoder(nn.Module):
    def __init__(self, hid=32):
        super().__init__()
        self.conv_blocks = nn.Sequential(conv3x3(3, hid), conv3x3(hid, hid), conv3x3(hid, hid), conv3x3(hid, hid))

    def forward(self, x):
        out = self.conv_blocks(x)
        return out.view(out.shape[0], -1)


class FewShotNet(nn.Module):
    n_way = 5

    def __init__(self):
        super().__init__()
        self.encoder = ConvEncoder()
        self.classifier = nn.Linear(800, self.n_way)

    def forward(self, x):
        return self.classifier(self.encoder(x))


if __name__ == "__main__":
    print(FewShotNet()(torch.randn(5, 3, 224, 224)).shape)
