import torch
from torch import nn
import torch.nn.functional as F


class ConvGRU(nn.Module):
    def __init__(self, n_mels=20, n_class=5):
        super().__init__()
        self.conv = nn.Conv1d(n_mels, 32, kernel_size=5, padding=2)
        self.gru = nn.GRU(32, 16, batch_first=True)
        self.out = nn.Linear(16, n_class)

    def forward(self, spec):
        x = F.max_pool1d(F.relu(self.conv(spec)), 2)
        y, h = self.gru(x)
        return self.out(h.squeeze(0))
