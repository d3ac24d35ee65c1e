import torch
from torch import nn


class ConvTagger(nn.Module):
    def __init__(self, vocab=80, tags=6):
        super().__init__()
        self.emb = nn.Embedding(vocab, 16)
        self.conv = nn.Conv1d(16, tags, 3, padding=1)

    def forward(self, ids):
        return self.conv(self.emb(ids).transpose(1, 2))


def step():
    tagger = ConvTagger()
    words, tags = torch.randint(0, 80, (8, 20)), torch.randint(0, 6, (8, 20))
    scores = tagger(words)
    scores = scores.permute(0, 2, 1)
    loss = nn.CrossEntropyLoss()(scores, tags)
    loss.backward()


if __name__ == "__main__":
    step()
