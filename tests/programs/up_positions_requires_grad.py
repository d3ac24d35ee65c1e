import torch
import torch.nn as nn


class PatchEncoder(nn.Module):
    def __init__(self, dim, patch=4):
        super().__init__()
        self.proj = nn.Conv2d(3, dim, patch, patch)
        self.pos = torch.randn(1, 64, dim, requires_grad=True)
        layer = nn.TransformerEncoderLayer(dim, 4, dim * 2, batch_first=True)
        self.encoder = nn.TransformerEncoder(layer, 2)

    def forward(self, img):
        x = self.proj(img).flatten(2).transpose(1, 2)
        return self.encoder(x + self.pos)


class Captioner(nn.Module):
    def __init__(self, dim=32, vocab=50, length=7):
        super().__init__()
        self.encoder = PatchEncoder(dim)
        self.start = nn.Parameter(torch.zeros(1, length, dim))
        dec = nn.TransformerDecoderLayer(dim, 4, dim * 2, batch_first=True)
        self.decoder = nn.TransformerDecoder(dec, 1)
        self.vocab = nn.Linear(dim, vocab)

    def forward(self, img):
        memory = self.encoder(img)
        q = self.start.expand(img.size(0), -1, -1)
        return self.vocab(self.decoder(q, memory))


def step():
    net = Captioner()
    opt = torch.optim.AdamW(net.parameters(), lr=1e-4)
    out = net(torch.rand(2, 3, 32, 32))
    loss = nn.functional.cross_entropy(out.flatten(0, 1), torch.randint(0, 50, (14,)))
    loss.backward()
    opt.step()


if __name__ == "__main__":
    step()
