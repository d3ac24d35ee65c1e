"""Masked language model: 15 % of the tokens are hidden, loss only there; linear warmup and decay per step; AdamW groups."""

import torch
from torch import nn

PAD, MASK, V = 0, 1, 40


class Bert(nn.Module):
    def __init__(self, d=32, layers=2, length=20):
        super().__init__()
        self.tok, self.pos = nn.Embedding(V, d, padding_idx=PAD), nn.Embedding(length, d)
        layer = nn.TransformerEncoderLayer(d, 4, 64, batch_first=True, norm_first=True)
        self.body = nn.TransformerEncoder(layer, layers, enable_nested_tensor=False)
        self.head = nn.Linear(d, V)

    def forward(self, ids):
        x = self.tok(ids) + self.pos(torch.arange(ids.size(1), device=ids.device))
        return self.head(self.body(x, src_key_padding_mask=ids.eq(PAD)))


def batch(n, length=20):
    ids = (torch.randint(2, V, (n, 1)) + torch.arange(length)) % (V - 2) + 2
    for row, k in enumerate(torch.randint(8, length + 1, (n,)).tolist()):
        ids[row, k:] = PAD
    labels = torch.full_like(ids, -100)
    chosen = (torch.rand(n, length) < 0.15) & (ids != PAD)
    labels[chosen] = ids[chosen]
    return ids.masked_fill(chosen, MASK), labels


torch.manual_seed(0)
model = Bert()
decay = [p for p in model.parameters() if p.dim() > 1]
plain = [p for p in model.parameters() if p.dim() <= 1]
opt = torch.optim.AdamW(
    [{"params": decay, "weight_decay": 0.01}, {"params": plain, "weight_decay": 0.0}], lr=5e-4
)
total = 30
sched = torch.optim.lr_scheduler.LambdaLR(
    opt, lambda s: min((s + 1) / 5, max(0.0, (total - s) / (total - 5)))
)
model.train()
for _step in range(total):
    ids, labels = batch(16)
    logits = model(ids)
    loss = nn.functional.cross_entropy(logits.view(-1, V), labels.view(-1), ignore_index=-100)
    loss.backward()
    nn.utils.clip_grad_norm_(model.parameters(), 1.0)
    opt.step()
    sched.step()
    opt.zero_grad()
print(loss.item())
