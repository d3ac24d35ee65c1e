import torch
from torch import nn, optim


class DenseLayer(nn.Module):
    def __init__(self, cin, growth):
        super().__init__()
        self.norm = nn.BatchNorm2d(cin)
        self.conv = nn.Conv2d(cin, growth, 3, padding=1, bias=False)

    def forward(self, x):
        return torch.cat([x, self.conv(torch.relu(self.norm(x)))], 1)


class MiniDenseNet(nn.Module):
    """imagenet weights would be loaded here"""

    def __init__(self, growth=12, layers=(3, 3), num_classes=1000):
        super().__init__()
        c = 24
        blocks = [nn.Conv2d(3, c, 3, stride=2, padding=1)]
        for n in layers:
            for _ in range(n):
                blocks.append(DenseLayer(c, growth))
                c += growth
            blocks += [nn.BatchNorm2d(c), nn.ReLU(inplace=True), nn.AvgPool2d(2)]
        self.features = nn.Sequential(*blocks)
        self.classifier = nn.Linear(c, num_classes)

    def forward(self, x):
        out = self.features(x).mean((2, 3))
        return self.classifier(out)


def build_model(num_classes=2, feature_extract=True):
    model = MiniDenseNet()
    if feature_extract:
        for param in model.parameters():
            param.requires_grad = False
    num_ftrs = model.classifier.in_features
    model.fc = nn.Linear(num_ftrs, num_classes)
    return model


def main():
    model = build_model()
    params_to_update = [p for p in model.parameters() if p.requires_grad]
    optimizer = optim.SGD(params_to_update, lr=0.001, momentum=0.9)
    criterion = nn.CrossEntropyLoss()
    model.train()
    ants, bees = torch.rand(4, 3, 32, 32), torch.randint(0, 2, (4,))
    outputs = model(ants)
    loss = criterion(outputs, bees)
    return outputs.shape, loss.item(), optimizer


if __name__ == "__main__":
    print(main())
