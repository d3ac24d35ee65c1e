import math

import torch
import torch.nn as nn

PAD, BOS, EOS = 0, 1, 2


class PositionalEncoding(nn.Module):
    def __init__(self, d_model, max_len=200):
        super().__init__()
        pos = torch.arange(max_len).unsqueeze(1)
        div = torch.exp(torch.arange(0, d_model, 2) * (-math.log(10000.0) / d_model))
        pe = torch.zeros(1, max_len, d_model)
        pe[0, :, 0::2] = torch.sin(pos * div)
        pe[0, :, 1::2] = torch.cos(pos * div)
        self.register_buffer("pe", pe)

    def forward(self, x):
        return x + self.pe[:, : x.size(1)]


class NMT(nn.Module):
    def __init__(self, src_vocab=50, tgt_vocab=50, d_model=32, nhead=4, layers=2):
        super().__init__()
        self.src_emb = nn.Embedding(src_vocab, d_model, padding_idx=PAD)
        self.tgt_emb = nn.Embedding(tgt_vocab, d_model, padding_idx=PAD)
        self.pos = PositionalEncoding(d_model)
        self.transformer = nn.Transformer(d_model, nhead, layers, layers, 64, batch_first=True)
        self.generator = nn.Linear(d_model, tgt_vocab)

    def forward(self, src, tgt):
        src_pad, tgt_pad = src == PAD, tgt[:, :-1] == PAD
        tgt_in = tgt[:, :-1]
        causal = nn.Transformer.generate_square_subsequent_mask(tgt_in.size(1)).bool()
        out = self.transformer(
            self.pos(self.src_emb(src)),
            self.pos(self.tgt_emb(tgt_in)),
            tgt_mask=causal,
            src_key_padding_mask=src_pad,
            tgt_key_padding_mask=tgt_pad,
            memory_key_padding_mask=src_pad,
        )
        return self.generator(out)


def train_step():
    model = NMT()
    src, tgt = torch.randint(3, 50, (4, 10)), torch.randint(3, 50, (4, 12))
    src[1, 7:], tgt[2, 9:] = PAD, PAD
    logits = model(src, tgt)
    loss = nn.CrossEntropyLoss(ignore_index=PAD)(logits.reshape(-1, 50), tgt[:, 1:].reshape(-1))
    loss.backward()


if __name__ == "__main__":
    train_step()
