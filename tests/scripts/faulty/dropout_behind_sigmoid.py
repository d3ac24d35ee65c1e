# finds: dropout-on-output
"""Tags of an article: each score is a probability, half of which are set to zero."""

import torch
from torch import nn

torch.manual_seed(0)


class Tagger(nn.Module):
    def __init__(self, words=30, hidden=40, tags=6):
        super().__init__()
        self.hidden = nn.Linear(words, hidden)
        self.output = nn.Linear(hidden, tags)
        self.drop = nn.Dropout(0.5)

    def forward(self, x):
        h = self.drop(torch.relu(self.hidden(x)))
        scores = torch.sigmoid(self.output(h))
        return self.drop(scores)  # here


tagger = Tagger()
optimizer = torch.optim.SGD(tagger.parameters(), lr=0.1)
words = torch.rand(64, 30)
tags = (words @ torch.randn(30, 6) > 0).float()
for start in range(0, 64, 16):
    optimizer.zero_grad()
    loss = nn.functional.mse_loss(tagger(words[start : start + 16]), tags[start : start + 16])
    loss.backward()
    optimizer.step()
