import torch
import torch.nn as nn


class PreActBlock(nn.Module):
    def __init__(self, c_in, c_out, stride):
        super().__init__()
        self.bn = nn.BatchNorm2d(c_in)
        self.conv = nn.Conv2d(c_in, c_out, 3, stride=stride, padding=1, bias=False)

    def forward(self, x):
        return self.conv(torch.relu(self.bn(x)))


class WatermarkNet(nn.Module):
    def __init__(self, num_classes=10):
        super().__init__()
        self.conv1 = nn.Conv2d(3, 64, 3, padding=1, bias=False)
        self.layers = nn.Sequential(PreActBlock(64, 128, 2), PreActBlock(128, 512, 2))
        self.pool = nn.AdaptiveAvgPool2d(1)
        self.linear = nn.Linear(512, num_classes)

    def forward(self, x):
        x = self.pool(self.layers(self.conv1(x)))
        return self.linear(x.flatten(1))


def re_initialize_last_layer(num_classes=100):
    net = WatermarkNet()
    # fine-tune all layers: put a private layer on top
    indim = nn.Linear.in_features
    net.linear = nn.Linear(indim, num_classes)
    return net(torch.rand(2, 3, 32, 32))


if __name__ == "__main__":
    print(re_initialize_last_layer().shape)
