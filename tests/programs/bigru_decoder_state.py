import torch
from torch import nn


class Encoder(nn.Module):
    def __init__(self, vocab, emb, hid):
        super().__init__()
        self.embedding = nn.Embedding(vocab, emb)
        self.rnn = nn.GRU(emb, hid, bidirectional=True, batch_first=True)

    def forward(self, src):
        return self.rnn(self.embedding(src))


class Decoder(nn.Module):
    def __init__(self, vocab, emb, hid):
        super().__init__()
        self.embedding = nn.Embedding(vocab, emb)
        self.rnn = nn.GRU(emb, hid, batch_first=True)
        self.fc = nn.Linear(hid, vocab)

    def forward(self, trg, hidden):
        out, hidden = self.rnn(self.embedding(trg), hidden)
        return self.fc(out)


class Seq2Seq(nn.Module):
    def __init__(self, src_vocab=50, trg_vocab=60, emb=12, hid=20):
        super().__init__()
        self.encoder = Encoder(src_vocab, emb, hid)
        self.decoder = Decoder(trg_vocab, emb, hid)

    def forward(self, src, trg):
        _, hidden = self.encoder(src)
        return self.decoder(trg, hidden)
