from torch import nn

keep_prob = 0.85     # as in the tensorflow version


class DeepMnist(nn.Module):
    def __init__(self):
        super().__init__()
        self.layer1 = nn.Sequential(
            nn.Conv2d(1, 16, 5, padding=2),
            nn.ReLU(),
            nn.MaxPool2d(2))
        self.fc1 = nn.Linear(14 * 14 * 16, 64)
        self.act = nn.ReLU()
        self.drop = nn.Dropout(keep_prob)
        self.fc2 = nn.Linear(64, 10)

    def forward(self, x):
        x = self.layer1(x)
        x = x.view(x.size(0), -1)
        x = self.drop(self.act(self.fc1(x)))
        return self.fc2(x)
