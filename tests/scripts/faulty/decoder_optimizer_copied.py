# finds: optimizer-misses-parameters
"""Reverse short digit strings with an encoder-decoder GRU."""

import random

import torch
import torch.nn as nn
from torch import optim

SOS, MAX_LEN, VOCAB, HIDDEN = 10, 5, 11, 48
random.seed(0)
torch.manual_seed(0)


class EncoderRNN(nn.Module):
    def __init__(self):
        super().__init__()
        self.embedding = nn.Embedding(VOCAB, HIDDEN)
        self.gru = nn.GRU(HIDDEN, HIDDEN, batch_first=True)

    def forward(self, src):
        return self.gru(self.embedding(src))


class DecoderRNN(nn.Module):
    def __init__(self):
        super().__init__()
        self.embedding = nn.Embedding(VOCAB, HIDDEN)
        self.gru = nn.GRU(HIDDEN, HIDDEN, batch_first=True)
        self.out = nn.Linear(HIDDEN, VOCAB)

    def forward(self, token, hidden):
        output, hidden = self.gru(self.embedding(token), hidden)
        return self.out(output), hidden


def batch_of(n):
    src = torch.randint(0, 10, (n, MAX_LEN))
    return src, src.flip(1)


def train_step(encoder, decoder, enc_opt, dec_opt, criterion, teacher_forcing=0.5):
    src, tgt = batch_of(16)
    enc_opt.zero_grad()
    dec_opt.zero_grad()
    _, hidden = encoder(src)
    token = torch.full((16, 1), SOS, dtype=torch.long)
    loss = 0
    for t in range(MAX_LEN):
        logits, hidden = decoder(token, hidden)
        loss = loss + criterion(logits.squeeze(1), tgt[:, t])
        token = tgt[:, t : t + 1] if random.random() < teacher_forcing else logits.argmax(-1).detach()
    loss.backward()
    enc_opt.step()
    dec_opt.step()
    return loss.item() / MAX_LEN


encoder, decoder = EncoderRNN(), DecoderRNN()
encoder_optimizer = optim.Adam(encoder.parameters(), lr=1e-3)
decoder_optimizer = optim.Adam(encoder.parameters(), lr=1e-3)  # here
criterion = nn.CrossEntropyLoss()
for i in range(1, 41):
    value = train_step(encoder, decoder, encoder_optimizer, decoder_optimizer, criterion)
    if i % 10 == 0:
        print(i, f"{value:.3f}")
