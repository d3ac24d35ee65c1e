import torch
import torch.nn as nn
from torch.utils.data import DataLoader, Dataset


def make_layers(cfg, in_channels=3, dilation=False):
    rate = 2 if dilation else 1
    layers = []
    for v in cfg:
        if v == "M":
            layers += [nn.MaxPool2d(2, 2)]
        else:
            layers += [nn.Conv2d(in_channels, v, 3, padding=rate, dilation=rate), nn.ReLU(inplace=True)]
            in_channels = v
    return nn.Sequential(*layers)


class CSRNet(nn.Module):
    def __init__(self):
        super().__init__()
        self.frontend = make_layers([8, 8, "M", 16, 16, "M", 32, 32, "M", 64])
        self.backend = make_layers([64, 32, 16], in_channels=64, dilation=True)
        self.output_layer = nn.Conv2d(16, 1, kernel_size=1)

    def forward(self, x):
        return self.output_layer(self.backend(self.frontend(x)))


class Shanghai(Dataset):
    def __init__(self, n=4, size=(96, 128)):
        self.n, self.size = n, size

    def __len__(self):
        return self.n

    def __getitem__(self, i):
        img = torch.rand(3, *self.size)
        density = torch.zeros(1, *self.size)
        for _ in range(12):
            density[0, torch.randint(0, self.size[0], ()), torch.randint(0, self.size[1], ())] = 1.0
        return img, density


def main():
    model = CSRNet()
    criterion = nn.MSELoss(reduction="sum")
    optimizer = torch.optim.SGD(model.parameters(), lr=1e-7, momentum=0.95)
    for img, target in DataLoader(Shanghai(), batch_size=1):
        output = model(img)
        loss = criterion(output, target)
        optimizer.zero_grad()
        loss.backward()
        optimizer.step()


if __name__ == "__main__":
    main()
