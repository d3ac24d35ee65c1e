import torch
import torch.nn as nn
import torch.nn.functional as F


class Matcher(nn.Module):
    def __init__(self, vocab=60, emb=20, hidden=16, classes=3, p=0.2, is_train=True):
        super().__init__()
        self.p = p
        self.is_train = is_train
        self.word_emb = nn.Embedding(vocab, emb)
        self.context = nn.LSTM(emb, hidden, bidirectional=True, batch_first=True)
        self.aggregate = nn.LSTM(4 * hidden, hidden, bidirectional=True, batch_first=True)
        self.fc1 = nn.Linear(4 * hidden, 2 * hidden)
        self.fc2 = nn.Linear(2 * hidden, classes)

    def dropout(self, v):
        return F.dropout(v, p=self.p, training=self.is_train)

    def match(self, a, b):
        weights = torch.softmax(a @ b.transpose(1, 2), dim=-1)
        return torch.cat([a, weights @ b], dim=-1)

    def forward(self, p, h):
        p, h = self.dropout(self.word_emb(p)), self.dropout(self.word_emb(h))
        con_p, _ = self.context(p)
        con_h, _ = self.context(h)
        con_p, con_h = self.dropout(con_p), self.dropout(con_h)
        _, (agg_p, _) = self.aggregate(self.match(con_p, con_h))
        _, (agg_h, _) = self.aggregate(self.match(con_h, con_p))
        x = torch.cat([agg_p[0], agg_p[1], agg_h[0], agg_h[1]], dim=1)
        x = torch.tanh(self.fc1(x))
        return self.fc2(self.dropout(x))


if __name__ == "__main__":
    net = Matcher().eval()
    a, b = torch.randint(0, 60, (3, 7)), torch.randint(0, 60, (3, 9))
    print(net(a, b) - net(a, b))
