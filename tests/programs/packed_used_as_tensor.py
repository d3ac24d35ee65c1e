import torch
from torch import nn
from torch.nn.utils.rnn import pack_padded_sequence, pad_packed_sequence


class PackedTagger(nn.Module):
    def __init__(self, n_words=60, n_tags=6):
        super().__init__()
        self.embed = nn.Embedding(n_words, 12)
        self.rnn = nn.GRU(12, 18, batch_first=True)
        self.out = nn.Linear(18, n_tags)

    def forward(self, words, lengths):
        x = self.embed(words)
        packed = pack_padded_sequence(x, lengths, batch_first=True, enforce_sorted=False)
        y, _ = self.rnn(packed)
        return self.out(y)


def run():
    words = torch.randint(0, 60, (3, 10))
    return PackedTagger()(words, torch.tensor([10, 7, 4]))
