import math

import torch
import torch.nn as nn
import torch.nn.functional as F


class GroupedAttention(nn.Module):
    """Queries have n_heads heads, keys and values n_kv heads."""

    def __init__(self, d_model=64, n_heads=8, n_kv=2):
        super().__init__()
        self.n_heads, self.n_kv, self.hd = n_heads, n_kv, d_model // n_heads
        self.wq = nn.Linear(d_model, n_heads * self.hd, bias=False)
        self.wk = nn.Linear(d_model, n_kv * self.hd, bias=False)
        self.wv = nn.Linear(d_model, n_kv * self.hd, bias=False)
        self.wo = nn.Linear(n_heads * self.hd, d_model, bias=False)

    def forward(self, x):
        B, T, _ = x.shape
        q = self.wq(x).view(B, T, self.n_heads, self.hd).transpose(1, 2)
        k = self.wk(x).view(B, T, self.n_kv, self.hd).transpose(1, 2)
        v = self.wv(x).view(B, T, self.n_kv, self.hd).transpose(1, 2)
        att = (q @ k.transpose(-2, -1)) / math.sqrt(self.hd)
        causal = torch.ones(T, T, dtype=torch.bool, device=x.device).tril()
        att = att.masked_fill(~causal, float("-inf"))
        out = F.softmax(att, dim=-1) @ v
        return self.wo(out.transpose(1, 2).reshape(B, T, -1))


class TinyLM(nn.Module):
    def __init__(self, vocab=120, d_model=64):
        super().__init__()
        self.tok = nn.Embedding(vocab, d_model)
        self.norm = nn.LayerNorm(d_model)
        self.attn = GroupedAttention(d_model)
        self.head = nn.Linear(d_model, vocab)

    def forward(self, ids):
        x = self.tok(ids)
        x = x + self.attn(self.norm(x))
        return self.head(x)


def main():
    torch.manual_seed(0)
    lm = TinyLM()
    opt = torch.optim.AdamW(lm.parameters(), lr=3e-4)
    for _ in range(3):
        batch = torch.randint(0, 120, (4, 17))
        logits = lm(batch[:, :-1])
        loss = F.cross_entropy(logits.reshape(-1, 120), batch[:, 1:].reshape(-1))
        opt.zero_grad()
        loss.backward()
        opt.step()


if __name__ == "__main__":
    main()
