import torch
from torch import nn
import torch.nn.functional as F


class Block(nn.Module):
    def __init__(self, d, h, drop):
        super().__init__()
        self.attn = nn.MultiheadAttention(d, h, dropout=drop, batch_first=True)
        self.ff = nn.Sequential(nn.Linear(d, 4 * d), nn.GELU(), nn.Linear(4 * d, d))
        self.n1, self.n2 = nn.LayerNorm(d), nn.LayerNorm(d)
        self.drop = drop

    def forward(self, x, pad):
        a, _ = self.attn(x, x, x, key_padding_mask=pad, need_weights=False)
        x = self.n1(x + F.dropout(a, self.drop, self.training))
        return self.n2(x + F.dropout(self.ff(x), p=self.drop, training=self.training))


class AlbertClassifier(nn.Module):
    """one block applied several times: parameters are shared across layers, as in the paper"""

    def __init__(self, vocab=100, emb=16, d=48, h=4, repeats=4, classes=5, drop=0.1):
        super().__init__()
        self.tok = nn.Embedding(vocab, emb, padding_idx=0)
        self.up = nn.Linear(emb, d)             # factorised embedding
        self.block = Block(d, h, drop)
        self.repeats = repeats
        self.pool = nn.Linear(d, d)
        self.cls = nn.Linear(d, classes)

    def forward(self, ids):
        pad = ids == 0
        pad[:, 0] = False
        x = self.up(self.tok(ids))
        for _ in range(self.repeats):
            x = self.block(x, pad)
        return self.cls(torch.tanh(self.pool(x[:, 0])))

    @torch.no_grad()
    def predict_proba(self, ids):
        was = self.training
        self.eval()
        p = self(ids).softmax(-1)
        self.train(was)
        return p


def fit():
    net = AlbertClassifier()
    opt = torch.optim.AdamW(net.parameters(), 1e-3)
    ids, y = torch.randint(0, 100, (16, 16)), torch.randint(0, 5, (16,))
    for step in range(2):
        opt.zero_grad()
        F.cross_entropy(net(ids), y, label_smoothing=0.1).backward()
        opt.step()
    return net.predict_proba(ids).sum(-1)


if __name__ == "__main__":
    print(fit())
