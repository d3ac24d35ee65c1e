import torch
from torch import nn
import torch.nn.functional as F


class FaceNet(nn.Module):
    """the embedding is linear, and the classifier only trains it"""

    def __init__(self, people=100, dim=64, classify=True):
        super().__init__()
        self.conv1 = nn.Conv2d(3, 16, 3, 2, 1)
        self.conv2 = nn.Conv2d(16, 32, 3, 2, 1)
        self.conv3 = nn.Conv2d(32, 64, 3, 2, 1)
        self.fc = nn.Linear(64 * 6 * 6, 128)
        self.embedding = nn.Linear(128, dim)
        self.classifier = nn.Linear(dim, people)
        self.classify = classify

    def forward(self, x):
        x = F.relu(self.conv1(x))
        x = F.relu(self.conv2(x))
        x = F.relu(self.conv3(x))
        x = F.relu(self.fc(x.flatten(1)))
        x = self.embedding(x)
        if not self.classify:
            return F.normalize(x)
        return self.classifier(x)


def train():
    net = FaceNet()
    opt = torch.optim.SGD(net.parameters(), 0.01, momentum=0.9)
    x, y = torch.rand(4, 3, 48, 48), torch.randint(0, 100, (4,))
    loss = F.cross_entropy(net(x), y)
    loss.backward()
    opt.step()
    net.classify = False
    net.eval()
    with torch.no_grad():
        return net(x) @ net(x).t()


if __name__ == "__main__":
    train()
