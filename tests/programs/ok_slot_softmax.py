import torch
import torch.nn as nn
import torch.nn.functional as F


class VLAD(nn.Module):
    """Soft assignment of positions to clusters, then sums over positions (NetVLAD)."""

    def __init__(self, clusters=6, dim=12):
        super().__init__()
        self.assign = nn.Conv1d(dim, clusters, 1)
        self.centers = nn.Parameter(torch.randn(clusters, dim))

    def forward(self, x):
        weights = F.softmax(self.assign(x), dim=1)                 # (N, K, L)
        residual = x.unsqueeze(1) - self.centers[None, :, :, None]  # (N, K, D, L)
        return F.normalize((weights.unsqueeze(2) * residual).sum(-1), dim=-1)
