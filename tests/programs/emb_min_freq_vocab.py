from collections import Counter

import torch
from torch import nn

TRAIN = [
    "ein mann steht auf der strasse und ein hund steht neben der frau",
    "der hund und die katze liegen auf der decke",
    "eine frau liest ein buch auf der bank",
]


class EncoderRNN(nn.Module):
    def __init__(self, vocab_size, hidden_size=16):
        super().__init__()
        self.embedding = nn.Embedding(vocab_size, hidden_size, padding_idx=1)
        self.gru = nn.GRU(hidden_size, hidden_size)

    def forward(self, word_inputs):
        embedded = self.embedding(word_inputs)
        return self.gru(embedded)[0]


def encode_all():
    counts = Counter(w for line in TRAIN for w in line.split())
    itos = ["<unk>", "<pad>"] + list(counts)
    stoi = {w: i for i, w in enumerate(itos)}
    frequent = [w for w, c in counts.items() if c >= 2]
    vocab_size = len(frequent) + 2
    encoder = EncoderRNN(vocab_size)
    for line in TRAIN:
        ids = torch.tensor([stoi[w] for w in line.split()]).unsqueeze(1)
        out = encoder(ids)
    return out


if __name__ == "__main__":
    encode_all()
