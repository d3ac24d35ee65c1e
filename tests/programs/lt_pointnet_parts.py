import torch
import torch.nn as nn
import torch.nn.functional as F


class PointNetFeat(nn.Module):
    def __init__(self):
        super().__init__()
        self.conv1 = nn.Conv1d(3, 32, 1)
        self.conv2 = nn.Conv1d(32, 64, 1)
        self.conv3 = nn.Conv1d(64, 128, 1)
        self.bn1, self.bn2, self.bn3 = nn.BatchNorm1d(32), nn.BatchNorm1d(64), nn.BatchNorm1d(128)

    def forward(self, x):
        n_pts = x.size(2)
        x = F.relu(self.bn1(self.conv1(x)))
        pointfeat = x
        x = F.relu(self.bn2(self.conv2(x)))
        x = self.bn3(self.conv3(x))
        x = torch.max(x, 2, keepdim=True)[0]
        x = x.view(-1, 128, 1).repeat(1, 1, n_pts)
        return torch.cat([x, pointfeat], 1)


class PointNetSeg(nn.Module):
    def __init__(self, k=6):
        super().__init__()
        self.k = k
        self.feat = PointNetFeat()
        self.conv1 = nn.Conv1d(160, 64, 1)
        self.conv2 = nn.Conv1d(64, 32, 1)
        self.conv3 = nn.Conv1d(32, self.k, 1)
        self.bn1 = nn.BatchNorm1d(64)
        self.bn2 = nn.BatchNorm1d(32)

    def forward(self, x):
        x = self.feat(x)
        x = F.relu(self.bn1(self.conv1(x)))
        x = F.relu(self.bn2(self.conv2(x)))
        x = self.conv3(x)
        x = x.transpose(2, 1).contiguous()
        x = F.log_softmax(x, dim=-1)
        return x


def train_one_step():
    classifier = PointNetSeg(k=6)
    optimizer = torch.optim.Adam(classifier.parameters(), lr=0.001)
    points, target = torch.randn(4, 256, 3), torch.randint(0, 6, (4, 256))
    points = points.transpose(2, 1)
    optimizer.zero_grad()
    classifier = classifier.train()
    pred = classifier(points)
    loss = F.nll_loss(pred, target)
    loss.backward()
    optimizer.step()
    print(loss.item())


if __name__ == "__main__":
    train_one_step()
