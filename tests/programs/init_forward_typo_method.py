import torch
import torch.nn as nn
import torch.nn.functional as F


class EmotionNet(nn.Module):
    def __init__(self, emotions=7):
        super().__init__()
        self.conv1 = nn.Conv2d(1, 16, 3)
        self.conv2 = nn.Conv2d(16, 32, 3)
        self.fc = nn.Linear(32 * 10 * 10, emotions)

    def foward(self, x):
        x = F.max_pool2d(F.relu(self.conv1(x)), 2)
        x = F.max_pool2d(F.relu(self.conv2(x)), 2)
        return self.fc(x.view(x.size(0), -1))


def main():
    faces, emotion = torch.rand(12, 1, 48, 48), torch.randint(0, 7, (12,))
    net = EmotionNet()
    criterion = nn.CrossEntropyLoss()
    optimizer = torch.optim.RMSprop(net.parameters(), lr=1e-4)
    for i in range(3):
        xb, yb = faces[i * 4:i * 4 + 4], emotion[i * 4:i * 4 + 4]
        optimizer.zero_grad()
        loss = criterion(net(xb), yb)
        loss.backward()
        optimizer.step()


if __name__ == "__main__":
    main()
