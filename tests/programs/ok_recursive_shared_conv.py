import torch
import torch.nn as nn


class DRRN(nn.Module):
    """Recursive residual network: one pair of convolutions, used nine times."""

    def __init__(self):
        super(DRRN, self).__init__()
        self.input = nn.Conv2d(1, 16, 3, padding=1, bias=False)
        self.conv1 = nn.Conv2d(16, 16, 3, padding=1, bias=False)
        self.conv2 = nn.Conv2d(16, 16, 3, padding=1, bias=False)
        self.output = nn.Conv2d(16, 1, 3, padding=1, bias=False)
        self.relu = nn.ReLU(inplace=True)

    def forward(self, x):
        residual = x
        inputs = self.input(self.relu(x.clone()))
        out = inputs
        for _ in range(9):
            out = self.conv2(self.relu(self.conv1(self.relu(out))))
            out = torch.add(out, inputs)
        out = self.output(self.relu(out))
        return torch.add(out, residual)
