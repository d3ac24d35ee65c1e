import torch
from torch import nn


class Model(nn.Module):
    def __init__(self):
        super().__init__()
        self.embed = nn.Embedding(77, 12)
        self.head = nn.Linear(12, 77)

    def forward(self, input_ids=None, attention_mask=None, labels=None):
        if input_ids is None:
            raise ValueError("You have to specify input_ids")
        hidden = self.embed(input_ids)
        if attention_mask is not None:
            hidden = hidden * attention_mask[..., None]
        return self.head(hidden)
