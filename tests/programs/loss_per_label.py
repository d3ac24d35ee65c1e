import torch
import torch.nn as nn


class ChestXray(nn.Module):
    def __init__(self, findings=14):
        super().__init__()
        self.features = nn.Sequential(
            nn.Conv2d(1, 8, 5, stride=2), nn.BatchNorm2d(8), nn.ReLU(),
            nn.Conv2d(8, 16, 3, stride=2), nn.BatchNorm2d(16), nn.ReLU(),
            nn.AdaptiveAvgPool2d(1), nn.Flatten(),
        )
        self.classifier = nn.Linear(16, findings)

    def forward(self, x):
        return self.classifier(self.features(x))


def train_step(net, criterion, opt, x, y):
    opt.zero_grad()
    loss = criterion(net(x), y)
    loss.backward()
    opt.step()
    return loss.detach()


def main():
    net = ChestXray()
    criterion = nn.BCEWithLogitsLoss(reduction="none")
    opt = torch.optim.Adam(net.parameters(), lr=1e-3)
    for _ in range(3):
        x = torch.rand(6, 1, 64, 64)
        y = (torch.rand(6, 14) > 0.8).float()
        train_step(net, criterion, opt, x, y)


if __name__ == "__main__":
    main()
