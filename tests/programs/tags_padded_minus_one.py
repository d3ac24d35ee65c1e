import torch
from torch import nn
from torch.nn.utils.rnn import pad_sequence
from torch.utils.data import DataLoader

NUM_TAGS = 7


def sentences(n=40):
    data = []
    for i in range(n):
        k = 4 + i % 9
        words = torch.randint(1, 300, (k,))
        data.append((words, words % NUM_TAGS))
    return data


def collate(batch):
    words = pad_sequence([w for w, _ in batch], batch_first=True)
    tags = pad_sequence([t for _, t in batch], batch_first=True, padding_value=-1)
    return words, tags


class PosTagger(nn.Module):
    def __init__(self, vocab=300, dim=32):
        super().__init__()
        self.embedding = nn.Embedding(vocab, dim, padding_idx=0)
        self.rnn = nn.GRU(dim, dim, batch_first=True, bidirectional=True)
        self.fc = nn.Linear(2 * dim, NUM_TAGS)

    def forward(self, words):
        h, _ = self.rnn(self.embedding(words))
        return torch.log_softmax(self.fc(h), dim=2)


def train():
    tagger = PosTagger()
    opt = torch.optim.Adam(tagger.parameters(), 2e-3)
    nll = nn.NLLLoss()
    for words, tags in DataLoader(sentences(), 8, shuffle=True, collate_fn=collate):
        opt.zero_grad()
        loss = nll(tagger(words).view(-1, NUM_TAGS), tags.view(-1))
        loss.backward()
        opt.step()


if __name__ == "__main__":
    train()
