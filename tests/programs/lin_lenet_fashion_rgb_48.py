import torch
import torch.nn as nn
import torch.nn.functional as F


class LeNet5(nn.Module):
    """LeNet for the 48x48 face crops"""

    def __init__(self, n_classes=7):
        super().__init__()
        self.c1 = nn.Conv2d(1, 6, kernel_size=5, padding=2)
        self.s2 = nn.AvgPool2d(2)
        self.c3 = nn.Conv2d(6, 16, kernel_size=5)
        self.s4 = nn.AvgPool2d(2)
        self.c5 = nn.Linear(16 * 5 * 5, 120)
        self.f6 = nn.Linear(120, 84)
        self.out = nn.Linear(84, n_classes)

    def forward(self, img):
        x = torch.tanh(self.c1(img))
        x = self.s2(x)
        x = torch.tanh(self.c3(x))
        x = self.s4(x)
        x = x.flatten(start_dim=1)
        x = torch.tanh(self.c5(x))
        x = torch.tanh(self.f6(x))
        return self.out(x)


if __name__ == "__main__":
    faces = torch.rand(32, 1, 48, 48)
    labels = torch.randint(0, 7, (32,))
    net = LeNet5()
    optimizer = torch.optim.SGD(net.parameters(), lr=0.01)
    for epoch in range(2):
        loss = F.cross_entropy(net(faces), labels)
        optimizer.zero_grad()
        loss.backward()
        optimizer.step()
