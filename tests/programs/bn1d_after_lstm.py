import torch
import torch.nn as nn


class Tagger(nn.Module):
    def __init__(self, vocab=500, emb=24, hidden=32, tags=9):
        super(Tagger, self).__init__()
        self.embedding = nn.Embedding(vocab, emb)
        self.lstm = nn.LSTM(emb, hidden, batch_first=True, bidirectional=True)
        self.bn = nn.BatchNorm1d(2 * hidden)
        self.out = nn.Linear(2 * hidden, tags)

    def forward(self, sentence):
        emb = self.embedding(sentence)
        out, _ = self.lstm(emb)
        out = self.bn(out)
        return self.out(torch.relu(out))
