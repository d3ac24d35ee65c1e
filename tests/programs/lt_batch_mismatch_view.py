import torch
import torch.nn as nn
import torch.nn.functional as F


class Net(nn.Module):
    def __init__(self):
        super().__init__()
        self.conv1 = nn.Conv2d(3, 6, 5)
        self.pool = nn.MaxPool2d(2, 2)
        self.conv2 = nn.Conv2d(6, 16, 5)
        self.fc1 = nn.Linear(16 * 3 * 3, 10)

    def forward(self, x):
        x = self.pool(F.relu(self.conv1(x)))
        x = self.pool(F.relu(self.conv2(x)))
        x = x.view(-1, 16 * 3 * 3)
        return self.fc1(x)


def main():
    net = Net()
    criterion = nn.CrossEntropyLoss()
    images, labels = torch.rand(4, 3, 48, 48), torch.randint(0, 10, (4,))
    loss = criterion(net(images), labels)
    loss.backward()
