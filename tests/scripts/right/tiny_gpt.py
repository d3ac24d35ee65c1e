import math
from dataclasses import dataclass

import torch
import torch.nn as nn
import torch.nn.functional as F


@dataclass
class Config:
    vocab: int = 40
    block: int = 16
    n_layer: int = 2
    n_head: int = 2
    n_embd: int = 32
    dropout: float = 0.1


class Attention(nn.Module):
    def __init__(self, c):
        super().__init__()
        self.qkv, self.proj, self.n_head, self.p = (
            nn.Linear(c.n_embd, 3 * c.n_embd),
            nn.Linear(c.n_embd, c.n_embd),
            c.n_head,
            c.dropout,
        )

    def forward(self, x):
        B, T, C = x.size()
        q, k, v = (
            t.view(B, T, self.n_head, C // self.n_head).transpose(1, 2) for t in self.qkv(x).split(C, dim=2)
        )
        y = F.scaled_dot_product_attention(
            q, k, v, dropout_p=self.p if self.training else 0.0, is_causal=True
        )
        return self.proj(y.transpose(1, 2).contiguous().view(B, T, C))


class Layer(nn.Module):
    def __init__(self, c):
        super().__init__()
        self.ln1, self.attn, self.ln2 = nn.LayerNorm(c.n_embd), Attention(c), nn.LayerNorm(c.n_embd)
        self.mlp = nn.Sequential(
            nn.Linear(c.n_embd, 4 * c.n_embd),
            nn.GELU(),
            nn.Linear(4 * c.n_embd, c.n_embd),
            nn.Dropout(c.dropout),
        )

    def forward(self, x):
        x = x + self.attn(self.ln1(x))
        return x + self.mlp(self.ln2(x))


class GPT(nn.Module):
    def __init__(self, c):
        super().__init__()
        self.tok, self.pos, self.drop = (
            nn.Embedding(c.vocab, c.n_embd),
            nn.Embedding(c.block, c.n_embd),
            nn.Dropout(c.dropout),
        )
        self.layers = nn.ModuleList(Layer(c) for _ in range(c.n_layer))
        self.ln, self.head = nn.LayerNorm(c.n_embd), nn.Linear(c.n_embd, c.vocab, bias=False)
        self.head.weight = self.tok.weight
        self.apply(self._init)

    def _init(self, m):
        if isinstance(m, nn.Linear | nn.Embedding):
            nn.init.normal_(m.weight, std=0.02)
        if isinstance(m, nn.Linear) and m.bias is not None:
            nn.init.zeros_(m.bias)

    def forward(self, idx, targets=None):
        x = self.drop(self.tok(idx) + self.pos(torch.arange(idx.size(1))))
        for layer in self.layers:
            x = layer(x)
        logits = self.head(self.ln(x))
        if targets is None:
            return logits, None
        return logits, F.cross_entropy(logits.view(-1, logits.size(-1)), targets.view(-1), ignore_index=-1)


def get_batch(data, c, n=16):
    ix = torch.randint(len(data) - c.block, (n,))
    return torch.stack([data[i : i + c.block] for i in ix]), torch.stack(
        [data[i + 1 : i + 1 + c.block] for i in ix]
    )


@torch.no_grad()
def estimate_loss(model, data, c):
    model.eval()
    out = torch.tensor([model(*get_batch(data, c))[1].item() for _ in range(3)]).mean()
    model.train()
    return out


torch.manual_seed(1337)
c = Config()
data = torch.randint(0, c.vocab, (2000,))
model = GPT(c)
opt = torch.optim.AdamW(model.parameters(), lr=1e-3, betas=(0.9, 0.95), weight_decay=0.1)
warm, total = 10, 40
sched = torch.optim.lr_scheduler.LambdaLR(
    opt,
    lambda it: (
        (it + 1) / warm if it < warm else 0.1 + 0.45 * (1 + math.cos(math.pi * (it - warm) / (total - warm)))
    ),
)
for it in range(total):
    if it % 20 == 0:
        print(it, estimate_loss(model, data, c).item())
    opt.zero_grad(set_to_none=True)
    _, loss = model(*get_batch(data, c))
    loss.backward()
    nn.utils.clip_grad_norm_(model.parameters(), 1.0)
    opt.step()
    sched.step()
