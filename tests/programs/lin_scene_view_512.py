import torch
from torch import nn


class SceneScorer(nn.Module):
    def __init__(self):
        super().__init__()
        layers = []
        cin = 3
        for cout in (16, 64, 2048):
            layers += [nn.Conv2d(cin, cout, kernel_size=3, stride=2, padding=1, bias=False), nn.BatchNorm2d(cout), nn.ReLU()]
            cin = cout
        self.body = nn.Sequential(*layers)
        self.linear_layer = nn.Linear(2048, 365)

    def forward(self, img):
        conv_maps = self.body(img)
        logits = self.linear_layer(nn.AvgPool2d(kernel_size=14)(conv_maps).view(-1, 512))
        return logits


if __name__ == "__main__":
    SceneScorer()(torch.rand(2, 3, 112, 112))
