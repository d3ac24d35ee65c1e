import torch
import torch.nn as nn


class MultiInputs(nn.Module):
    def __init__(self):
        super().__init__()
        self.cnn = nn.Sequential(
            nn.Conv2d(1, 8, 3, padding=1), nn.ReLU(), nn.MaxPool2d(2),
            nn.Conv2d(8, 16, 3, padding=1), nn.ReLU(), nn.MaxPool2d(2),
            nn.Flatten(), nn.Linear(16 * 7 * 7, 32), nn.ReLU(),
        )
        self.sec = nn.Sequential(nn.Linear(32 * 3, 16), nn.ReLU(), nn.Linear(16, 2))

    def forward(self, input1, input2, input3):
        c1 = self.cnn(input1)
        c2 = self.cnn(input2)
        c3 = self.cnn(input3)
        all = torch.cat((c1, c2, c3), 0)
        return self.sec(all)
