import random

import torch
import torch.nn as nn
from torch.nn.utils.rnn import pad_sequence

SENTENCES = [
    "the cat sat on the mat", "a dog ran to the park", "paris is in france", "she flew from oslo to rome",
    "he works at a bank", "the bank is near the river", "john met mary in london",
]
TAGS = {"O": 0, "LOC": 1, "PER": 2}
PLACES, PEOPLE = {"paris", "france", "oslo", "rome", "london"}, {"john", "mary"}


class Vocab:
    def __init__(self, lines):
        words = sorted({w for line in lines for w in line.split()})
        self.stoi = {w: i for i, w in enumerate(words)}
        self.size = len(self.stoi)
        self.stoi["<unk>"] = len(self.stoi)
        self.stoi["<pad>"] = len(self.stoi)

    def encode(self, line):
        return torch.tensor([self.stoi.get(w, self.stoi["<unk>"]) for w in line.split()])


class Tagger(nn.Module):
    def __init__(self, vocab_size, tags, dim=24):
        super().__init__()
        self.emb = nn.Embedding(vocab_size, dim)
        self.rnn = nn.LSTM(dim, dim, batch_first=True, bidirectional=True)
        self.fc = nn.Linear(2 * dim, tags)

    def forward(self, ids):
        h, _ = self.rnn(self.emb(ids))
        return self.fc(h)


def tag_ids(line):
    return torch.tensor([1 if w in PLACES else 2 if w in PEOPLE else 0 for w in line.split()])


def train():
    vocab = Vocab(SENTENCES)
    net = Tagger(vocab.size, len(TAGS))
    opt = torch.optim.Adam(net.parameters(), 1e-2)
    loss_fn = nn.CrossEntropyLoss(ignore_index=-100)
    random.seed(0)
    for _ in range(2):
        lines = random.sample(SENTENCES, len(SENTENCES))
        for k in range(0, len(lines), 3):
            part = lines[k : k + 3]
            ids = pad_sequence([vocab.encode(p) for p in part], batch_first=True, padding_value=vocab.stoi["<pad>"])
            tags = pad_sequence([tag_ids(p) for p in part], batch_first=True, padding_value=-100)
            loss = loss_fn(net(ids).transpose(1, 2), tags)
            opt.zero_grad()
            loss.backward()
            opt.step()
    return loss.item()


if __name__ == "__main__":
    print(train())
