import torch
import torch.nn as nn


class DeepMLP(nn.Module):
    def __init__(self, sizes=(12, 32, 16, 3)):
        super().__init__()
        self.layers = nn.ModuleList()
        for a, b in zip(sizes[:-1], sizes[1:]):
            self.layers.append(nn.Linear(a, b))
            self.layers.append(nn.Tanh())

    def forward(self, x):
        x = self.layers(x)
        return x
