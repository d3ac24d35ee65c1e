import torch
from torch import nn


class TokenConfidence(nn.Module):
    def __init__(self, dim: int = 32) -> None:
        super().__init__()
        self.token = nn.Sequential(nn.Linear(dim, 1), nn.Sigmoid())
        self.loss_fn = nn.BCEWithLogitsLoss(reduction="none")

    def forward(self, desc: torch.Tensor, correct: torch.Tensor):
        conf = self.token(desc.detach()).squeeze(-1)
        return self.loss_fn(conf, correct).mean(-1)
