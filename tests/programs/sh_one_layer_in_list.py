import torch
from torch import nn


class BoxHead(nn.Module):
    """Class scores after each decoder layer."""

    def __init__(self, dim=16, num_classes=4, num_layers=6):
        super().__init__()
        class_embed = nn.Linear(dim, num_classes)
        self.class_embed = nn.ModuleList([class_embed for _ in range(num_layers)])

    def forward(self, hs):
        return torch.stack([layer(hs) for layer in self.class_embed])
