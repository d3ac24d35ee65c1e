import torch
import torch.nn as nn
import torch.nn.functional as F


class CausalHead(nn.Module):
    def __init__(self, emb, head, block):
        super().__init__()
        self.key = nn.Linear(emb, head, bias=False)
        self.query = nn.Linear(emb, head, bias=False)
        self.value = nn.Linear(emb, head, bias=False)
        self.register_buffer("tril", torch.tril(torch.ones(block, block)))

    def forward(self, x):
        T = x.size(1)
        wei = self.query(x) @ self.key(x).transpose(-2, -1) * self.key.out_features**-0.5
        wei = wei.masked_fill(self.tril[:T, :T] == 0, 1e-9)
        wei = F.softmax(wei, dim=-1)
        return wei @ self.value(x)


class CharModel(nn.Module):
    def __init__(self, n_chars=50, emb=32, block=24):
        super().__init__()
        self.token = nn.Embedding(n_chars, emb)
        self.pos = nn.Parameter(torch.zeros(block, emb))
        self.heads = nn.ModuleList([CausalHead(emb, emb // 4, block) for _ in range(4)])
        self.lm = nn.Linear(emb, n_chars)

    def forward(self, idx, targets=None):
        x = self.token(idx) + self.pos[: idx.size(1)]
        x = x + torch.cat([h(x) for h in self.heads], dim=-1)
        logits = self.lm(x)
        loss = None
        if targets is not None:
            loss = F.cross_entropy(logits.flatten(0, 1), targets.flatten())
        return logits, loss


text = torch.randint(0, 50, (2000,))


def get_batch(size=8, block=24):
    starts = torch.randint(0, len(text) - block - 1, (size,))
    x = torch.stack([text[s : s + block] for s in starts])
    y = torch.stack([text[s + 1 : s + block + 1] for s in starts])
    return x, y


if __name__ == "__main__":
    m = CharModel()
    opt = torch.optim.AdamW(m.parameters(), lr=1e-3)
    for it in range(5):
        xb, yb = get_batch()
        _, loss = m(xb, yb)
        opt.zero_grad(set_to_none=True)
        loss.backward()
        opt.step()
