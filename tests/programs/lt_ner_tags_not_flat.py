import argparse

import torch
import torch.nn as nn
import torch.nn.functional as F


class CharCNN(nn.Module):
    def __init__(self, n_chars, dim, out):
        super().__init__()
        self.emb = nn.Embedding(n_chars, dim)
        self.conv = nn.Conv1d(dim, out, 3, padding=1)

    def forward(self, chars):
        b, t, c = chars.shape
        x = self.emb(chars.view(b * t, c)).transpose(1, 2)
        x = F.relu(self.conv(x)).max(dim=2)[0]
        return x.view(b, t, -1)


class Tagger(nn.Module):
    def __init__(self, n_words, n_chars, n_tags, word_dim=32, char_dim=8, hidden=40):
        super().__init__()
        self.n_tags = n_tags
        self.words = nn.Embedding(n_words, word_dim)
        self.chars = CharCNN(n_chars, char_dim, 12)
        self.lstm = nn.LSTM(word_dim + 12, hidden // 2, batch_first=True, bidirectional=True)
        self.drop = nn.Dropout(0.3)
        self.out = nn.Linear(hidden, n_tags)

    def forward(self, words, chars):
        x = torch.cat([self.words(words), self.chars(chars)], dim=-1)
        h, _ = self.lstm(self.drop(x))
        return self.out(self.drop(h))


def get_args(argv=None):
    p = argparse.ArgumentParser()
    p.add_argument("--batch-size", type=int, default=8)
    p.add_argument("--tags", type=int, default=9)
    p.add_argument("--lr", type=float, default=1e-3)
    return p.parse_args([] if argv is None else argv)


def fake_batch(args):
    words = torch.randint(0, 200, (args.batch_size, 20))
    chars = torch.randint(0, 60, (args.batch_size, 20, 7))
    tags = torch.randint(0, args.tags, (args.batch_size, 20))
    return words, chars, tags


def main():
    args = get_args()
    model = Tagger(200, 60, args.tags)
    opt = torch.optim.SGD(model.parameters(), lr=args.lr)
    for step in range(3):
        words, chars, tags = fake_batch(args)
        model.train()
        opt.zero_grad()
        logits = model(words, chars)
        loss = F.cross_entropy(logits.view(-1, args.tags), tags)
        loss.backward()
        opt.step()


if __name__ == "__main__":
    main()
