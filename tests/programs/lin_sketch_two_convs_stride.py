import torch
import torch.nn as nn
import torch.optim as optim

# 28x28 drawings, 10 kinds
device = torch.device("cpu")


class QuickDraw(nn.Module):
    def __init__(self, classes=10):
        super(QuickDraw, self).__init__()
        self.conv = nn.Sequential(
            nn.Conv2d(1, 32, kernel_size=3),
            nn.ReLU(inplace=True),
            nn.MaxPool2d(2),
            nn.Conv2d(32, 64, kernel_size=3),
            nn.ReLU(inplace=True),
            nn.MaxPool2d(2),
        )
        self.fc = nn.Sequential(
            nn.Linear(64 * 5 * 5, 128),
            nn.ReLU(inplace=True),
            nn.Linear(128, classes),
        )

    def features(self, x):
        x = self.conv(x)
        return x.view(-1, 64 * 7 * 7)

    def forward(self, x):
        return self.fc(self.features(x))


def main():
    model = QuickDraw().to(device)
    optimizer = optim.SGD(model.parameters(), lr=0.01, momentum=0.9)
    criterion = nn.CrossEntropyLoss()
    images = torch.rand(16, 1, 28, 28)
    targets = torch.randint(0, 10, (16,))
    for step in range(4):
        x = images[step * 4:step * 4 + 4].to(device)
        y = targets[step * 4:step * 4 + 4].to(device)
        optimizer.zero_grad()
        loss = criterion(model(x), y)
        loss.backward()
        optimizer.step()


if __name__ == "__main__":
    main()
