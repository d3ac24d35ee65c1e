"""Sort digits with nn.Transformer; padded targets are ignored."""

import math

import torch
import torch.nn as nn

PAD, BOS, EOS, VOCAB, DIM = 0, 1, 2, 13, 32
torch.manual_seed(5)


class Seq2Seq(nn.Module):
    def __init__(self):
        super().__init__()
        self.embed = nn.Embedding(VOCAB, DIM, padding_idx=PAD)
        pos = torch.arange(16).unsqueeze(1) * torch.exp(torch.arange(0, DIM, 2) * (-math.log(1e4) / DIM))
        table = torch.zeros(16, DIM)
        table[:, 0::2], table[:, 1::2] = pos.sin(), pos.cos()
        self.register_buffer("table", table)
        self.transformer = nn.Transformer(DIM, 4, 1, 1, 64, dropout=0.1, batch_first=True)
        self.generator = nn.Linear(DIM, VOCAB)

    def add_position(self, tokens):
        return self.embed(tokens) * math.sqrt(DIM) + self.table[: tokens.size(1)]

    def forward(self, src, tgt):
        causal = torch.triu(torch.ones(tgt.size(1), tgt.size(1), dtype=torch.bool), 1)
        out = self.transformer(
            self.add_position(src),
            self.add_position(tgt),
            tgt_mask=causal,
            src_key_padding_mask=src == PAD,
            tgt_key_padding_mask=tgt == PAD,
            memory_key_padding_mask=src == PAD,
        )
        return self.generator(out)


def make_batch(n):
    src, tgt = torch.zeros(n, 8, dtype=torch.long), torch.zeros(n, 10, dtype=torch.long)
    for i in range(n):
        k = int(torch.randint(3, 9, ()))
        s = torch.randint(3, VOCAB, (k,))
        src[i, :k] = s
        tgt[i, : k + 2] = torch.cat([torch.tensor([BOS]), s.sort().values, torch.tensor([EOS])])
    return src, tgt


model = Seq2Seq()
criterion = nn.CrossEntropyLoss(ignore_index=PAD)
optimizer = torch.optim.Adam(model.parameters(), lr=5e-4, betas=(0.9, 0.98), eps=1e-9)
for _step in range(25):
    model.train()
    src, tgt = make_batch(16)
    logits = model(src, tgt[:, :-1])
    loss = criterion(logits.reshape(-1, VOCAB), tgt[:, 1:].reshape(-1))
    optimizer.zero_grad()
    loss.backward()
    torch.nn.utils.clip_grad_norm_(model.parameters(), 0.5)
    optimizer.step()
model.eval()
with torch.no_grad():
    src, _ = make_batch(1)
    ys = torch.tensor([[BOS]])
    for _ in range(9):
        ys = torch.cat([ys, model(src, ys)[:, -1].argmax(-1, keepdim=True)], 1)
print(loss.item(), ys.tolist())
