"""A transformer for reversing digits: padding and causal masks, ignore_index, teacher forcing, greedy decoding."""

import torch
from torch import nn

PAD, BOS, EOS, V, L = 0, 1, 2, 13, 10


class Reverser(nn.Module):
    def __init__(self, d=32):
        super().__init__()
        self.emb = nn.Embedding(V, d, padding_idx=PAD)
        self.pos = nn.Embedding(L + 2, d)
        self.tr = nn.Transformer(d, 4, 1, 1, 64, dropout=0.1, batch_first=True)
        self.out = nn.Linear(d, V)

    def embed(self, t):
        return self.emb(t) * 5.6 + self.pos(torch.arange(t.size(1)))

    def forward(self, src, tgt):
        causal = torch.triu(torch.ones(tgt.size(1), tgt.size(1), dtype=torch.bool), 1)
        y = self.tr(
            self.embed(src),
            self.embed(tgt),
            tgt_mask=causal,
            src_key_padding_mask=src == PAD,
            tgt_key_padding_mask=tgt == PAD,
            memory_key_padding_mask=src == PAD,
        )
        return self.out(y)


def batch(n):
    src = torch.full((n, L), PAD)
    tgt = torch.full((n, L + 2), PAD)
    for i in range(n):
        k = int(torch.randint(3, L + 1, ()))
        w = torch.randint(3, V, (k,))
        src[i, :k] = w
        tgt[i, : k + 2] = torch.cat([torch.tensor([BOS]), w.flip(0), torch.tensor([EOS])])
    return src, tgt


torch.manual_seed(0)
net = Reverser()
opt = torch.optim.Adam(net.parameters(), lr=1e-3, betas=(0.9, 0.98), eps=1e-9)
loss_fn = nn.CrossEntropyLoss(ignore_index=PAD, label_smoothing=0.05)
for epoch in range(2):
    net.train()
    for _ in range(8):
        src, tgt = batch(16)
        logits = net(src, tgt[:, :-1])
        loss = loss_fn(logits.transpose(1, 2), tgt[:, 1:])
        opt.zero_grad()
        loss.backward()
        opt.step()
    net.eval()
    with torch.no_grad():
        src, tgt = batch(8)
        ys = torch.full((8, 1), BOS)
        for _ in range(L + 1):
            ys = torch.cat([ys, net(src, ys)[:, -1:].argmax(-1)], 1)
        print(epoch, loss.item(), (ys[:, 1:] == tgt[:, 1 : L + 2]).float().mean().item())
