from torch import nn


class Layer(nn.Module):
    def __init__(self, d=16384, f=53248):
        super().__init__()
        self.norm = nn.RMSNorm(d)
        self.q, self.o = nn.Linear(d, d, bias=False), nn.Linear(d, d, bias=False)
        self.kv = nn.Linear(d, 2048, bias=False)
        self.gate, self.up, self.down = nn.Linear(d, f, bias=False), nn.Linear(d, f, bias=False), nn.Linear(f, d, bias=False)

    def forward(self, x):
        h = self.norm(x)
        x = x + self.o(self.q(h))
        return x + self.down(self.gate(x).sigmoid() * self.up(x))


class Huge(nn.Module):
    def __init__(self, layers=126, d=16384, vocabulary=128256):
        super().__init__()
        self.embed = nn.Embedding(vocabulary, d)
        self.layers = nn.ModuleList([Layer(d) for _ in range(layers)])
        self.head = nn.Linear(d, vocabulary, bias=False)

    def forward(self, tokens):
        x = self.embed(tokens)
        for layer in self.layers:
            x = layer(x)
        return self.head(x)
