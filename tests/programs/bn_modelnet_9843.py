import torch
import torch.nn as nn
import torch.nn.functional as F
from torch.utils.data import DataLoader, Dataset, Subset


class ModelNetClouds(Dataset):
    def __init__(self, n_clouds=9843, n_points=64):
        self.n_clouds = n_clouds
        self.n_points = n_points

    def __len__(self):
        return self.n_clouds

    def __getitem__(self, i):
        return torch.rand(3, self.n_points), i % 40


class PointNetCls(nn.Module):
    def __init__(self, k=40):
        super().__init__()
        self.conv1 = nn.Conv1d(3, 64, 1)
        self.conv2 = nn.Conv1d(64, 256, 1)
        self.fc1 = nn.Linear(256, 128)
        self.bn1 = nn.BatchNorm1d(128)
        self.drop1 = nn.Dropout(0.4)
        self.fc2 = nn.Linear(128, k)

    def forward(self, xyz):
        x = F.relu(self.conv2(F.relu(self.conv1(xyz))))
        x = torch.max(x, 2)[0]
        x = self.drop1(F.relu(self.bn1(self.fc1(x))))
        return F.log_softmax(self.fc2(x), -1)


def main():
    train_set = ModelNetClouds()
    tail = Subset(train_set, range(9836, len(train_set)))     # the last steps of the epoch
    loader = DataLoader(tail, batch_size=2)
    classifier = PointNetCls()
    for points, target in loader:
        F.nll_loss(classifier(points), target).backward()


if __name__ == "__main__":
    main()
