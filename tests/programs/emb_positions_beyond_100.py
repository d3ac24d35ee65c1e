import torch
import torch.nn as nn


class Encoder(nn.Module):
    def __init__(self, input_dim, hid_dim, n_heads, dropout, max_length=100):
        super().__init__()
        self.tok_embedding = nn.Embedding(input_dim, hid_dim)
        self.pos_embedding = nn.Embedding(max_length, hid_dim)
        self.attention = nn.MultiheadAttention(hid_dim, n_heads, batch_first=True)
        self.norm = nn.LayerNorm(hid_dim)
        self.dropout = nn.Dropout(dropout)
        self.scale = hid_dim ** 0.5

    def forward(self, src):
        batch_size, src_len = src.shape
        pos = torch.arange(0, src_len).unsqueeze(0).repeat(batch_size, 1)
        x = self.dropout(self.tok_embedding(src) * self.scale + self.pos_embedding(pos))
        return self.norm(x + self.attention(x, x, x)[0])


def train():
    enc = Encoder(input_dim=300, hid_dim=16, n_heads=4, dropout=0.1)
    lengths = [24, 61, 134]
    for n in lengths:
        batch = torch.randint(0, 300, (4, n))
        enc(batch).mean().backward()


if __name__ == "__main__":
    train()
