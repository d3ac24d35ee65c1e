# A hidden state that is carried on and detached, clipping, and weights updated by hand.
import math

import torch
from torch import nn


class RNNModel(nn.Module):
    def __init__(self, ntoken, ninp, nhid, dropout=0.2):
        super().__init__()
        self.ntoken = ntoken
        self.drop = nn.Dropout(dropout)
        self.encoder = nn.Embedding(ntoken, ninp)
        self.rnn = nn.LSTM(ninp, nhid, 2, dropout=dropout)
        self.decoder = nn.Linear(nhid, ntoken)
        nn.init.uniform_(self.encoder.weight, -0.1, 0.1)
        nn.init.zeros_(self.decoder.bias)
        nn.init.uniform_(self.decoder.weight, -0.1, 0.1)

    def forward(self, tokens, hidden):
        emb = self.drop(self.encoder(tokens))
        output, hidden = self.rnn(emb, hidden)
        decoded = self.decoder(self.drop(output))
        return nn.functional.log_softmax(decoded.view(-1, self.ntoken), dim=1), hidden

    def init_hidden(self, bsz):
        weight = next(self.parameters())
        return (weight.new_zeros(2, bsz, 12), weight.new_zeros(2, bsz, 12))


def repackage_hidden(h):
    if isinstance(h, torch.Tensor):
        return h.detach()
    return tuple(repackage_hidden(v) for v in h)


torch.manual_seed(0)
text = torch.randint(0, 30, (40, 5))
model = RNNModel(30, 8, 12)
criterion = nn.NLLLoss()
lr = 2.0
for _epoch in range(2):
    model.train()
    total_loss = 0.0
    hidden = model.init_hidden(5)
    for i in range(0, 35, 7):
        data, targets = text[i : i + 7], text[i + 1 : i + 8].reshape(-1)
        model.zero_grad()
        hidden = repackage_hidden(hidden)
        output, hidden = model(data, hidden)
        loss = criterion(output, targets)
        loss.backward()
        torch.nn.utils.clip_grad_norm_(model.parameters(), 0.25)
        for p in model.parameters():
            p.data.add_(p.grad, alpha=-lr)
        total_loss += loss.item()
    model.eval()
    hidden = model.init_hidden(5)
    with torch.no_grad():
        output, hidden = model(text[:7], hidden)
        print(math.exp(criterion(output, text[1:8].reshape(-1)).item()), total_loss)
