import torch
import torch.nn as nn


def make_layers(cfg, in_channels=3, batch_norm=False, dilation=False):
    d_rate = 2 if dilation else 1
    layers = []
    for v in cfg:
        if v == 'M':
            layers += [nn.MaxPool2d(kernel_size=2, stride=2)]
        else:
            conv2d = nn.Conv2d(in_channels, v, kernel_size=3, padding=d_rate, dilation=d_rate)
            layers += [conv2d, nn.BatchNorm2d(v), nn.ReLU(inplace=True)] if batch_norm else [conv2d, nn.ReLU(inplace=True)]
            in_channels = v
    return nn.Sequential(*layers)


class CrowdNet(nn.Module):
    """head count = the sum of a density map, which is never negative"""

    def __init__(self):
        super(CrowdNet, self).__init__()
        self.seen = 0
        self.frontend_feat = [16, 16, 'M', 32, 32, 'M', 64, 64, 64]
        self.backend_feat = [64, 32, 16]
        self.frontend = make_layers(self.frontend_feat)
        self.backend = make_layers(self.backend_feat, in_channels=64, dilation=True)
        self.output_layer = nn.Conv2d(16, 1, kernel_size=1)

    def forward(self, x):
        x = self.frontend(x)
        x = self.backend(x)
        x = torch.relu(self.output_layer(x))
        return x


def train():
    model = CrowdNet()
    criterion = nn.MSELoss(reduction='sum')
    optimizer = torch.optim.SGD(model.parameters(), 1e-7, momentum=0.95, weight_decay=5e-4)
    for _ in range(3):
        img = torch.rand(1, 3, 64, 64)
        target = torch.rand(16, 16)
        output = model(img)
        target = target.type(torch.FloatTensor).unsqueeze(0).unsqueeze(0)
        loss = criterion(output, target)
        optimizer.zero_grad()
        loss.backward()
        optimizer.step()


if __name__ == '__main__':
    train()
