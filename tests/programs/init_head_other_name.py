import torch
from torch import nn


class InceptionResNetV2(nn.Module):
    def __init__(self, num_classes=1001):
        super().__init__()
        self.conv2d_1a = nn.Sequential(nn.Conv2d(3, 32, 3, stride=2, bias=False), nn.BatchNorm2d(32), nn.ReLU())
        self.conv2d_7b = nn.Sequential(nn.Conv2d(32, 1536, 1, bias=False), nn.BatchNorm2d(1536), nn.ReLU())
        self.avgpool_1a = nn.AdaptiveAvgPool2d(1)
        self.last_linear = nn.Linear(1536, num_classes)

    def forward(self, x):
        x = self.conv2d_7b(self.conv2d_1a(x))
        x = self.avgpool_1a(x).flatten(1)
        return self.last_linear(x)


def fine_tune(num_of_output_classes=5):
    model_conv = InceptionResNetV2()
    for p in model_conv.parameters():
        p.requires_grad = False
    num_ftrs = model_conv.classifier.in_features
    model_conv.last_linear = nn.Linear(num_ftrs, num_of_output_classes)
    optimizer = torch.optim.SGD(model_conv.last_linear.parameters(), lr=1e-3, momentum=0.9)
    out = model_conv(torch.rand(2, 3, 75, 75))
    nn.functional.cross_entropy(out, torch.tensor([0, 4])).backward()
    optimizer.step()


if __name__ == "__main__":
    fine_tune()
