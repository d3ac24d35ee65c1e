import torch
from torch import nn
import torch.nn.functional as F


class AttnPool(nn.Module):
    def __init__(self, dim):
        super().__init__()
        self.proj = nn.Linear(dim, dim)
        self.context = nn.Linear(dim, 1, bias=False)

    def forward(self, h):
        # h: (batch, length, dim)
        weights = F.softmax(self.context(torch.tanh(self.proj(h))), dim=0)
        return (weights * h).sum(1), weights.squeeze(-1)


class Level(nn.Module):
    def __init__(self, n_in, hidden):
        super().__init__()
        self.gru = nn.GRU(n_in, hidden, bidirectional=True, batch_first=True)
        self.pool = AttnPool(2 * hidden)

    def forward(self, x):
        h, _ = self.gru(x)
        return self.pool(h)


class HAN(nn.Module):
    """words -> sentences -> document"""

    def __init__(self, vocab=90, emb=16, hidden=12, classes=5):
        super().__init__()
        self.embed = nn.Embedding(vocab, emb)
        self.words = Level(emb, hidden)
        self.sentences = Level(2 * hidden, hidden)
        self.out = nn.Linear(2 * hidden, classes)

    def forward(self, docs):
        b, s, w = docs.shape
        x = self.embed(docs.view(b * s, w))
        x, word_weights = self.words(x)
        x, sentence_weights = self.sentences(x.view(b, s, -1))
        return self.out(x)


if __name__ == "__main__":
    docs = torch.randint(0, 90, (3, 4, 6))
    loss = F.cross_entropy(HAN()(docs), torch.tensor([0, 3, 1]))
    loss.backward()
