import torch
from torch import nn


class Intent(nn.Module):
    def __init__(self, vocab=80, emb=16, hid=20, intents=5):
        super().__init__()
        self.emb = nn.Embedding(vocab, emb, padding_idx=0)
        self.gru = nn.GRU(emb, hid, num_layers=2, batch_first=True)
        self.cls = nn.Linear(hid, intents)

    def forward(self, tokens):
        _, h = self.gru(self.emb(tokens))
        h = h.view(-1, 20)
        return self.cls(h)


def train():
    net = Intent()
    opt = torch.optim.Adam(net.parameters())
    x, y = torch.randint(1, 80, (6, 11)), torch.randint(0, 5, (6,))
    loss = nn.CrossEntropyLoss()(net(x), y)
    opt.zero_grad()
    loss.backward()
    opt.step()
