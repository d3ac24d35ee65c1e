import torch
import torch.nn as nn
import torch.nn.functional as F


class Tagger(nn.Module):
    """time first: (T, B)"""

    def __init__(self, vocab=50, dim=12, tags=7):
        super().__init__()
        self.embed = nn.Embedding(vocab, dim)
        self.rnn = nn.GRU(dim, 16, num_layers=2, bidirectional=True, dropout=0.2)
        self.h0 = nn.Parameter(torch.zeros(4, 1, 16))
        self.fc = nn.Linear(32, tags)

    def forward(self, x):
        h0 = self.h0.expand(-1, x.size(1), -1).contiguous()
        out, _ = self.rnn(self.embed(x), h0)
        return F.log_softmax(self.fc(out), dim=2)


def main():
    net = Tagger()
    opt = torch.optim.Adam(net.parameters())
    for batch in (3, 3, 1):
        x = torch.randint(0, 50, (10, batch))
        y = torch.randint(0, 7, (10, batch))
        logp = net(x)
        loss = F.nll_loss(logp.view(-1, 7), y.view(-1))
        opt.zero_grad()
        loss.backward()
        opt.step()
