import torch
from torch import nn


class GenreTagger(nn.Module):
    def __init__(self, genres=10):
        super().__init__()
        self.conv = nn.Sequential(
            nn.Conv2d(1, 12, 3, padding=1), nn.ReLU(), nn.MaxPool2d(2),
            nn.Conv2d(12, 24, 3, padding=1), nn.ReLU(), nn.AdaptiveMaxPool2d((1, 1)),
        )
        self.fc = nn.Linear(24, genres)

    def forward(self, spec):
        h = self.conv(spec).flatten(1)
        return torch.sigmoid(self.fc(h))


def dataset(n=48):
    spec = torch.randn(n, 1, 32, 40)
    tags = (torch.rand(n, 10) < 0.3).float()
    return torch.utils.data.TensorDataset(spec, tags)


def train():
    net = GenreTagger()
    criterion = nn.MultiLabelSoftMarginLoss()
    opt = torch.optim.SGD(net.parameters(), lr=0.05)
    for spec, tags in torch.utils.data.DataLoader(dataset(), batch_size=8):
        loss = criterion(net(spec), tags)
        opt.zero_grad()
        loss.backward()
        opt.step()


if __name__ == "__main__":
    train()
