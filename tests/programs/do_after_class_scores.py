import argparse
import torch
from torch import nn, optim
import torch.nn.functional as F


class TNet(nn.Module):
    def __init__(self, k=3):
        super().__init__()
        self.k = k
        self.conv = nn.Sequential(nn.Conv1d(k, 32, 1), nn.BatchNorm1d(32), nn.ReLU(), nn.Conv1d(32, 64, 1), nn.BatchNorm1d(64), nn.ReLU())
        self.fc = nn.Sequential(nn.Linear(64, 32), nn.BatchNorm1d(32), nn.ReLU(), nn.Linear(32, k * k))

    def forward(self, x):
        t = self.fc(self.conv(x).max(2)[0])
        return t.view(-1, self.k, self.k) + torch.eye(self.k, device=x.device)


class PointCls(nn.Module):
    def __init__(self, k=8, drop=0.3):
        super(PointCls, self).__init__()
        self.tnet = TNet()
        self.conv1 = nn.Conv1d(3, 64, 1)
        self.conv2 = nn.Conv1d(64, 128, 1)
        self.bn1, self.bn2 = nn.BatchNorm1d(64), nn.BatchNorm1d(128)
        self.fc1 = nn.Linear(128, 64)
        self.fc2 = nn.Linear(64, 32)
        self.fc3 = nn.Linear(32, k)
        self.dp = nn.Dropout(p=drop)

    def forward(self, x):
        x = torch.bmm(x.transpose(2, 1), self.tnet(x)).transpose(2, 1)
        x = F.relu(self.bn1(self.conv1(x)))
        x = F.relu(self.bn2(self.conv2(x)))
        x = torch.max(x, 2)[0]
        x = F.relu(self.fc1(x))
        x = F.relu(self.fc2(x))
        x = self.dp(self.fc3(x))
        return x


def parse(argv=()):
    parser = argparse.ArgumentParser()
    parser.add_argument('--batchSize', type=int, default=4)
    parser.add_argument('--num_points', type=int, default=128)
    parser.add_argument('--nepoch', type=int, default=2)
    return parser.parse_args(argv)


def fit():
    opt = parse()
    classifier = PointCls()
    criterion = nn.CrossEntropyLoss()
    optimizer = optim.Adam(classifier.parameters(), lr=0.001, betas=(0.9, 0.999))
    for epoch in range(opt.nepoch):
        points = torch.randn(opt.batchSize, 3, opt.num_points)
        target = torch.randint(0, 8, (opt.batchSize,))
        optimizer.zero_grad()
        pred = classifier(points)
        loss = criterion(pred, target)
        loss.backward()
        optimizer.step()


if __name__ == '__main__':
    fit()
