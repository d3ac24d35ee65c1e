import torch
import torch.nn as nn


class NextSymbol(nn.Module):
    def __init__(self, num_classes=20, dim=32):
        super().__init__()
        self.emb = nn.Embedding(num_classes, dim)
        self.rnn = nn.GRU(dim, dim, batch_first=True)
        self.head = nn.Linear(dim, num_classes)

    def forward(self, seq):
        h, _ = self.rnn(self.emb(seq))
        return self.head(h)          # batch, length, classes


def train():
    model = NextSymbol()
    loss_fn = nn.CrossEntropyLoss()
    opt = torch.optim.Adam(model.parameters(), lr=1e-3)
    data = torch.randint(0, 20, (8, 13))
    x, y = data[:, :-1], data[:, 1:]
    out = model(x)
    loss = loss_fn(out, y)
    opt.zero_grad()
    loss.backward()
    opt.step()
