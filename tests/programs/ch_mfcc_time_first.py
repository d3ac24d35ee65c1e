import torch
import torch.nn as nn
import torch.nn.functional as F


class KeywordCNN(nn.Module):
    """Input: (batch, frames, coefficients)."""

    def __init__(self, n_mfcc=40, n_words=12):
        super().__init__()
        self.conv1 = nn.Conv1d(n_mfcc, 32, kernel_size=5, padding=2)
        self.conv2 = nn.Conv1d(32, 64, kernel_size=5, padding=2)
        self.fc = nn.Linear(64, n_words)

    def forward(self, mfcc):
        h = F.relu(self.conv1(mfcc))
        h = F.max_pool1d(h, 2)
        h = F.relu(self.conv2(h))
        h = h.mean(dim=2)
        return self.fc(h)
