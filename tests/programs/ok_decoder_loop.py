import torch
from torch import nn


class Captioner(nn.Module):
    def __init__(self, feat=20, vocab=33, emb=12, hid=16, steps=5):
        super().__init__()
        self.steps = steps
        self.init_h, self.init_c = nn.Linear(feat, hid), nn.Linear(feat, hid)
        self.embed = nn.Embedding(vocab, emb)
        self.cell = nn.LSTMCell(emb + feat, hid)
        self.att = nn.Linear(feat + hid, 1)
        self.out = nn.Linear(hid, vocab)

    def forward(self, regions):
        mean = regions.mean(dim=1)
        h, c = self.init_h(mean), self.init_c(mean)
        word = torch.zeros(regions.size(0), dtype=torch.long)
        logits = []
        for _ in range(self.steps):
            score = self.att(torch.cat([regions, h.unsqueeze(1).expand(-1, regions.size(1), -1)], dim=2))
            ctx = (torch.softmax(score, dim=1) * regions).sum(1)
            h, c = self.cell(torch.cat([self.embed(word), ctx], dim=1), (h, c))
            step = self.out(h)
            word = step.argmax(1)
            logits.append(step)
        return torch.stack(logits, dim=1)
