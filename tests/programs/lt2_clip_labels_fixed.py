import argparse

import torch
import torch.nn as nn
import torch.nn.functional as F
from torch.utils.data import DataLoader, TensorDataset


class Projection(nn.Module):
    def __init__(self, dim, out=16, dropout=0.1):
        super().__init__()
        self.p = nn.Linear(dim, out)
        self.fc = nn.Linear(out, out)
        self.norm = nn.LayerNorm(out)
        self.drop = nn.Dropout(dropout)

    def forward(self, x):
        p = self.p(x)
        return self.norm(self.drop(self.fc(F.gelu(p))) + p)


class TextEncoder(nn.Module):
    def __init__(self, vocab=80, dim=20):
        super().__init__()
        self.emb = nn.EmbeddingBag(vocab, dim)

    def forward(self, ids):
        return self.emb(ids)


class CLIPModel(nn.Module):
    def __init__(self, image_dim=24, temperature=0.07):
        super().__init__()
        self.image_proj, self.text = Projection(image_dim), TextEncoder()
        self.text_proj = Projection(20)
        self.temperature = temperature

    def forward(self, image, ids):
        i = F.normalize(self.image_proj(image), dim=-1)
        t = F.normalize(self.text_proj(self.text(ids)), dim=-1)
        return i @ t.T / self.temperature


def main(argv=()):
    parser = argparse.ArgumentParser()
    parser.add_argument("--batch", type=int, default=16)
    args = parser.parse_args(list(argv))
    data = TensorDataset(torch.randn(40, 24), torch.randint(0, 80, (40, 9)))
    loader = DataLoader(data, batch_size=args.batch, shuffle=True)
    model = CLIPModel()
    opt = torch.optim.AdamW(model.parameters())
    labels = torch.arange(args.batch)
    for image, ids in loader:
        logits = model(image, ids)
        loss = (F.cross_entropy(logits, labels) + F.cross_entropy(logits.T, labels)) / 2
        opt.zero_grad()
        loss.backward()
        opt.step()


if __name__ == "__main__":
    main()
