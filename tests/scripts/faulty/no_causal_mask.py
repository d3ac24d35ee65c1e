# finds: future-visible
import torch
from torch import nn


class NextToken(nn.Module):
    def __init__(self, vocab, width=32, layers=2, length=24):
        super().__init__()
        self.embed = nn.Embedding(vocab, width)
        self.place = nn.Parameter(torch.randn(1, length, width) * 0.02)
        layer = nn.TransformerEncoderLayer(width, 4, 64, dropout=0.0, batch_first=True)
        self.encoder = nn.TransformerEncoder(layer, layers)
        self.head = nn.Linear(width, vocab)

    def forward(self, tokens):
        x = self.embed(tokens) + self.place[:, : tokens.size(1)]
        x = self.encoder(x)  # here
        return self.head(x)


def sequences(n, length=25, vocab=20):
    start = torch.randint(0, vocab, (n, 1))
    step = torch.randint(1, 4, (n, 1))
    noise = (torch.rand(n, length) < 0.1).long()
    return (start + step * torch.arange(length) + noise) % vocab


def train(steps=15):
    torch.manual_seed(0)
    net = NextToken(20)
    opt = torch.optim.Adam(net.parameters(), lr=1e-3)
    loss_fn = nn.CrossEntropyLoss()
    for _step in range(steps):
        seq = sequences(16)
        source, target = seq[:, :-1], seq[:, 1:]
        logits = net(source)
        loss = loss_fn(logits.reshape(-1, 20), target.reshape(-1))
        opt.zero_grad()
        loss.backward()
        opt.step()
    return loss.item()


if __name__ == "__main__":
    print(train())
