import torch
import torch.nn as nn
import torch.nn.functional as F


class TwoMasks(nn.Module):
    """One attention of torch (True is hidden), one of our own through SDPA (True is seen)."""

    def __init__(self, vocab=70, d=32):
        super().__init__()
        self.emb = nn.Embedding(vocab, d, padding_idx=0)
        self.mha = nn.MultiheadAttention(d, 4, batch_first=True)
        self.q, self.k, self.v = nn.Linear(d, d), nn.Linear(d, d), nn.Linear(d, d)
        self.head = nn.Linear(d, 5)

    def forward(self, ids):
        real = ids != 0
        x = self.emb(ids)
        x = x + self.mha(x, x, x, key_padding_mask=~real, need_weights=False)[0]
        y = F.scaled_dot_product_attention(self.q(x), self.k(x), self.v(x), attn_mask=real[:, None, :])
        x = (x + y).masked_fill(~real[..., None], float("-inf")).amax(1)
        return self.head(x)


def main():
    net = TwoMasks()
    opt = torch.optim.Adam(net.parameters(), 1e-3)
    for _ in range(3):
        ids = torch.randint(1, 70, (8, 15))
        ids[::2, 9:] = 0
        loss = F.cross_entropy(net(ids), ids[:, 0] % 5)
        opt.zero_grad()
        loss.backward()
        opt.step()


if __name__ == "__main__":
    main()
