import torch
import torch.nn as nn


class Translator(nn.Module):
    def __init__(self, src_vocab=40, tgt_vocab=50, d=16):
        super().__init__()
        self.src_emb = nn.Embedding(src_vocab, d)
        self.tgt_emb = nn.Embedding(tgt_vocab, d)
        self.transformer = nn.Transformer(d_model=d, nhead=2, num_encoder_layers=1, num_decoder_layers=1, dim_feedforward=32)
        self.generator = nn.Linear(d, tgt_vocab)

    def forward(self, src, tgt):
        mask = nn.Transformer.generate_square_subsequent_mask(tgt.size(1))
        out = self.transformer(self.src_emb(src), self.tgt_emb(tgt), tgt_mask=mask)
        return self.generator(out)


if __name__ == "__main__":
    net = Translator()
    # two sentences: 11 source words, 8 target words
    print(net(torch.randint(0, 40, (2, 11)), torch.randint(0, 50, (2, 8))).shape)
