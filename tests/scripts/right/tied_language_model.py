"""A recurrent language model: tied weights, hidden state carried and detached, warmup by LambdaLR."""

import math

import torch
from torch import nn


class RNNLM(nn.Module):
    def __init__(self, vocab, width=48, tie=True):
        super().__init__()
        self.drop = nn.Dropout(0.2)
        self.encoder = nn.Embedding(vocab, width)
        self.rnn = nn.LSTM(width, width, 2, dropout=0.2)
        self.decoder = nn.Linear(width, vocab)
        if tie:
            self.decoder.weight = self.encoder.weight
        nn.init.uniform_(self.encoder.weight, -0.1, 0.1)
        nn.init.zeros_(self.decoder.bias)

    def forward(self, tokens, state):
        y, state = self.rnn(self.drop(self.encoder(tokens)), state)
        return self.decoder(self.drop(y)), state


def batchify(ids, n):
    length = len(ids) // n
    return ids[: length * n].view(n, -1).t().contiguous()


def detach(state):
    return tuple(s.detach() for s in state)


torch.manual_seed(1)
vocab, bptt = 30, 12
ids = (torch.arange(3000) * 7 + torch.randint(0, 3, (3000,))) % vocab
train, valid = batchify(ids[:2400], 10), batchify(ids[2400:], 10)
net = RNNLM(vocab)
opt = torch.optim.AdamW(net.parameters(), lr=2e-3)
sched = torch.optim.lr_scheduler.LambdaLR(opt, lambda k: min(1.0, (k + 1) / 10))
for epoch in range(2):
    net.train()
    state, total = (torch.zeros(2, 10, 48), torch.zeros(2, 10, 48)), 0.0
    for i in range(0, train.size(0) - 1, bptt):
        n = min(bptt, train.size(0) - 1 - i)
        x, y = train[i : i + n], train[i + 1 : i + 1 + n].reshape(-1)
        state = detach(state)
        opt.zero_grad()
        out, state = net(x, state)
        loss = nn.functional.cross_entropy(out.view(-1, vocab), y)
        loss.backward()
        nn.utils.clip_grad_norm_(net.parameters(), 0.25)
        opt.step()
        sched.step()
        total += loss.item() * n
    net.eval()
    with torch.no_grad():
        out, _ = net(valid[:-1], (torch.zeros(2, 10, 48), torch.zeros(2, 10, 48)))
        v = nn.functional.cross_entropy(out.view(-1, vocab), valid[1:].reshape(-1)).item()
    print(epoch, math.exp(total / train.size(0)), math.exp(v))
