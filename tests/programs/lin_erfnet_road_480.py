import torch
import torch.nn as nn
import torch.nn.functional as F


class DownsamplerBlock(nn.Module):
    def __init__(self, ninput, noutput):
        super().__init__()
        self.conv = nn.Conv2d(ninput, noutput - ninput, (3, 3), stride=2, padding=1, bias=True)
        self.pool = nn.MaxPool2d(2, stride=2)
        self.bn = nn.BatchNorm2d(noutput, eps=1e-3)

    def forward(self, input):
        output = torch.cat([self.conv(input), self.pool(input)], 1)
        output = self.bn(output)
        return F.relu(output)


class Encoder(nn.Module):
    def __init__(self, num_classes=4):
        super().__init__()
        self.initial_block = DownsamplerBlock(3, 16)
        self.layers = nn.ModuleList()
        self.layers.append(DownsamplerBlock(16, 64))
        for _ in range(2):
            self.layers.append(nn.Conv2d(64, 64, 3, padding=1))
        self.layers.append(DownsamplerBlock(64, 128))
        self.road_conv_1 = nn.Conv2d(128, 256, (3, 3), stride=(4, 4), padding=1, bias=True)
        self.road_conv_2 = nn.Conv2d(256, 512, (3, 3), stride=(4, 4), padding=1, bias=True)
        self.road_linear_1 = nn.Linear(512 * 3 * 5, 64)
        self.road_linear_2 = nn.Linear(64, num_classes)

    def forward(self, input):
        output = self.initial_block(input)
        for layer in self.layers:
            output = layer(output)
        road = F.relu(self.road_conv_2(F.relu(self.road_conv_1(output))))
        road = road.view(road.size(0), -1)
        road = self.road_linear_1(road)
        return self.road_linear_2(road)


class RoadNet(nn.Module):
    def __init__(self):
        super().__init__()
        self.encoder = Encoder()

    def forward(self, input):
        return self.encoder(input)


def infer():
    frame = torch.rand(1, 3, 480, 640)
    with torch.no_grad():
        return RoadNet().eval()(frame)


if __name__ == "__main__":
    infer()
