# finds: padding-in-loss
import torch
from torch import nn
from torch.nn.utils.rnn import pad_sequence

PAD, BOS, EOS = 0, 1, 2
VOCAB = 16


class Encoder(nn.Module):
    def __init__(self, hidden):
        super().__init__()
        self.embedding = nn.Embedding(VOCAB, hidden, padding_idx=PAD)
        self.rnn = nn.GRU(hidden, hidden, batch_first=True)

    def forward(self, src):
        return self.rnn(self.embedding(src))[1]


class Decoder(nn.Module):
    def __init__(self, hidden):
        super().__init__()
        self.embedding = nn.Embedding(VOCAB, hidden, padding_idx=PAD)
        self.rnn = nn.GRU(hidden, hidden, batch_first=True)
        self.out = nn.Linear(hidden, VOCAB)

    def forward(self, tgt, state):
        y, state = self.rnn(self.embedding(tgt), state)
        return self.out(y)


def batch(n=16):
    words = [torch.randint(3, VOCAB, (int(torch.randint(2, 9, ())),)) for _ in range(n)]
    src = pad_sequence(words, batch_first=True, padding_value=PAD)
    tgt = [torch.cat([torch.tensor([BOS]), w.flip(0), torch.tensor([EOS])]) for w in words]
    return src, pad_sequence(tgt, batch_first=True, padding_value=PAD)


torch.manual_seed(0)
enc, dec = Encoder(32), Decoder(32)
params = list(enc.parameters()) + list(dec.parameters())
optimizer = torch.optim.Adam(params, lr=2e-3)
criterion = nn.CrossEntropyLoss()
for _step in range(20):
    src, tgt = batch()
    optimizer.zero_grad()
    logits = dec(tgt[:, :-1], enc(src))
    loss = criterion(logits.reshape(-1, VOCAB), tgt[:, 1:].reshape(-1))  # here
    loss.backward()
    torch.nn.utils.clip_grad_norm_(params, 1.0)
    optimizer.step()
print(loss.item())
