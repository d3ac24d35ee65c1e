import torch
from torch import nn


class Poly(nn.Module):
    def __init__(self, degree=3):
        super().__init__()
        self.degree = degree
        self.coef = [nn.Parameter(torch.randn(1)) for _ in range(degree + 1)]

    def forward(self, x):
        return sum(c * x ** i for i, c in enumerate(self.coef))
