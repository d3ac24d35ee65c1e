import torch
import torch.nn as nn


class Trunk(nn.Module):
    def __init__(self, classes=100):
        super().__init__()
        self.features = nn.Sequential(
            nn.Conv2d(3, 12, 3, 2, 1), nn.BatchNorm2d(12), nn.ReLU(), nn.Conv2d(12, 24, 3, 2, 1), nn.BatchNorm2d(24), nn.ReLU(),
        )
        self.fc = nn.Linear(24, classes)

    def forward(self, x):
        return self.fc(self.features(x).mean((2, 3)))


def accuracy(net, x, y):
    was_training = net.training
    net.eval()
    with torch.no_grad():
        hits = (net(x).argmax(1) == y).float().mean().item()
    net.train(was_training)
    return hits


def main():
    x, y = torch.rand(24, 3, 32, 32), torch.randint(0, 4, (24,))
    net = Trunk()
    net.fc = nn.Linear(net.fc.in_features, 4)

    for p in net.features.parameters():
        p.requires_grad = False
    optimizer = torch.optim.Adam(net.fc.parameters(), lr=1e-3)
    loss_fn = nn.CrossEntropyLoss()
    for phase in range(2):
        if phase == 1:
            for p in net.features.parameters():
                p.requires_grad = True
            optimizer.add_param_group({"params": net.features.parameters(), "lr": 1e-4})
        net.train()
        for a, b in zip(x.split(8), y.split(8)):
            optimizer.zero_grad()
            loss_fn(net(a), b).backward()
            optimizer.step()
        accuracy(net, x, y)


if __name__ == "__main__":
    main()
