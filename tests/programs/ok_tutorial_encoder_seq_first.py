import torch
from torch import nn


class EncoderRNN(nn.Module):
    def __init__(self, words=30, hidden=8):
        super().__init__()
        self.embedding = nn.Embedding(words, hidden)
        self.gru = nn.GRU(hidden, hidden)

    def forward(self, sentence):
        outputs, hidden = self.gru(self.embedding(sentence))
        return outputs, hidden


def sentence_tensor(indexes):
    return torch.tensor(indexes, dtype=torch.long).view(-1, 1)


if __name__ == "__main__":
    print(EncoderRNN()(sentence_tensor([4, 7, 1, 2]))[0].shape)
