import math

import torch
import torch.nn as nn
from torch.utils.data import DataLoader, Dataset

PAD, BOS, EOS = 0, 1, 2


class Captions(Dataset):
    def __init__(self, n=24, vocab=60, length=12):
        g = torch.Generator().manual_seed(3)
        self.images = torch.rand(n, 3, 56, 56, generator=g)
        self.words = torch.randint(3, vocab, (n, length), generator=g)
        self.words[:, 0], self.words[:, -1] = BOS, EOS

    def __len__(self):
        return len(self.images)

    def __getitem__(self, i):
        return self.images[i], self.words[i]


class PositionalEncoding(nn.Module):
    def __init__(self, d_model, max_len=64):
        super().__init__()
        pos = torch.arange(max_len).unsqueeze(1)
        div = torch.exp(torch.arange(0, d_model, 2) * (-math.log(10000.0) / d_model))
        pe = torch.zeros(max_len, d_model)
        pe[:, 0::2], pe[:, 1::2] = torch.sin(pos * div), torch.cos(pos * div)
        self.register_buffer("pe", pe.unsqueeze(0))

    def forward(self, x):
        return x + self.pe[:, : x.size(1)]


class Captioner(nn.Module):
    def __init__(self, vocab=60, d_model=32, nhead=4, layers=2):
        super().__init__()
        self.backbone = nn.Sequential(
            nn.Conv2d(3, 16, 3, stride=2, padding=1), nn.BatchNorm2d(16), nn.ReLU(),
            nn.Conv2d(16, 32, 3, stride=2, padding=1), nn.BatchNorm2d(32), nn.ReLU(),
            nn.Conv2d(32, 64, 3, stride=2, padding=1), nn.BatchNorm2d(64), nn.ReLU(),
        )
        self.embed = nn.Embedding(vocab, d_model, padding_idx=PAD)
        self.pos = PositionalEncoding(d_model)
        layer = nn.TransformerDecoderLayer(d_model, nhead, dim_feedforward=64, batch_first=True)
        self.decoder = nn.TransformerDecoder(layer, layers)
        self.out = nn.Linear(d_model, vocab)

    def forward(self, images, words):
        memory = self.backbone(images).flatten(2).transpose(1, 2)      # (N, 49, C)
        mask = nn.Transformer.generate_square_subsequent_mask(words.size(1))
        tgt = self.pos(self.embed(words))
        return self.out(self.decoder(tgt, memory, tgt_mask=mask))


def train():
    loader = DataLoader(Captions(), batch_size=8, shuffle=True)
    model = Captioner()
    criterion = nn.CrossEntropyLoss(ignore_index=PAD)
    opt = torch.optim.AdamW(model.parameters(), lr=3e-4)
    for images, words in loader:
        scores = model(images, words[:, :-1])
        loss = criterion(scores.reshape(-1, scores.size(-1)), words[:, 1:].reshape(-1))
        opt.zero_grad()
        loss.backward()
        opt.step()
