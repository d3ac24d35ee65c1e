"""A sequence autoencoder: the tokens are read into one state and written again; targets are the input by design."""

import torch
from torch import nn


class AutoEncoder(nn.Module):
    def __init__(self, vocab=20, dim=24, length=8):
        super().__init__()
        self.emb = nn.Embedding(vocab, dim)
        self.enc = nn.GRU(dim, dim, batch_first=True)
        self.dec = nn.GRU(dim, dim, batch_first=True)
        self.start = nn.Parameter(torch.zeros(1, length, dim))
        self.out = nn.Linear(dim, vocab)

    def forward(self, ids):
        _, h = self.enc(self.emb(ids))
        y, _ = self.dec(self.start.expand(len(ids), -1, -1), h)
        return self.out(y)


torch.manual_seed(0)
model = AutoEncoder()
opt = torch.optim.Adam(model.parameters(), lr=2e-3)
data = torch.randint(0, 20, (256, 8))
for epoch in range(2):
    for ids in data[torch.randperm(256)].split(32):
        logits = model(ids)
        loss = nn.functional.cross_entropy(logits.flatten(0, 1), ids.flatten())
        opt.zero_grad()
        loss.backward()
        opt.step()
    model.eval()
    with torch.no_grad():
        print(epoch, loss.item(), (model(data[:64]).argmax(-1) == data[:64]).float().mean().item())
    model.train()
