import torch
import torch.nn as nn
import torch.nn.functional as F


class FocalLoss(nn.Module):
    def __init__(self, gamma=2.0):
        super().__init__()
        self.gamma = gamma

    def forward(self, logits, label):
        probs = F.softmax(logits, dim=1)
        pt = probs.gather(1, label.unsqueeze(1)).squeeze(1)
        ce = F.cross_entropy(logits, label, reduction="none")
        return ((1 - pt) ** self.gamma * ce).mean()


class SegNet(nn.Module):
    def __init__(self, n=4):
        super().__init__()
        self.net = nn.Sequential(nn.Conv2d(3, 8, 3, padding=1), nn.ReLU(), nn.Conv2d(8, n, 1))

    def forward(self, x):
        return self.net(x)


def main():
    model, criterion = SegNet(), FocalLoss()
    opt = torch.optim.Adam(model.parameters())
    x, y = torch.rand(2, 3, 16, 16), torch.randint(0, 4, (2, 16, 16))
    for _ in range(2):
        opt.zero_grad()
        criterion(model(x), y).backward()
        opt.step()
