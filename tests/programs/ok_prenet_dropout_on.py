import torch.nn.functional as F
from torch import nn


class Prenet(nn.Module):
    """Two small layers in front of the decoder."""

    def __init__(self, in_dim=80, sizes=(256, 256)):
        super(Prenet, self).__init__()
        in_sizes = [in_dim] + list(sizes[:-1])
        self.layers = nn.ModuleList([nn.Linear(i, o, bias=False) for i, o in zip(in_sizes, sizes)])

    def forward(self, x):
        for linear in self.layers:
            # dropout stays on at inference on purpose: the paper draws variety from it
            x = F.dropout(F.relu(linear(x)), p=0.5, training=True)
        return x
