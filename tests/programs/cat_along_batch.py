import torch
import torch.nn as nn


class TwoBranch(nn.Module):
    def __init__(self, a=10, b=6, hidden=20):
        super().__init__()
        self.left = nn.Linear(a, hidden)
        self.right = nn.Linear(b, hidden)
        self.head = nn.Linear(hidden * 2, 3)

    def forward(self, x1, x2):
        h1 = torch.relu(self.left(x1))
        h2 = torch.relu(self.right(x2))
        h = torch.cat((h1, h2))
        return self.head(h)
