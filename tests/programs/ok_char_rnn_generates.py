import torch
import torch.nn as nn

TEXT = "the quick brown fox jumps over the lazy dog and runs away "
CHARS = sorted(set(TEXT))


class CharRNN(nn.Module):
    def __init__(self, n=len(CHARS), hidden=32):
        super().__init__()
        self.emb = nn.Embedding(n, 16)
        self.rnn = nn.GRU(16, hidden, batch_first=True)
        self.out = nn.Linear(hidden, n)

    def forward(self, ids, state=None):
        y, state = self.rnn(self.emb(ids), state)
        return self.out(y), state


def sample(model, start, length=20):
    model.eval()
    ids, state, text = torch.tensor([[CHARS.index(start)]]), None, start
    with torch.no_grad():
        for _ in range(length):
            scores, state = model(ids, state)
            ids = torch.multinomial(scores[:, -1].softmax(-1), 1)
            text += CHARS[ids.item()]
    return text


def main():
    codes = torch.tensor([CHARS.index(c) for c in TEXT])
    model = CharRNN()
    opt = torch.optim.Adam(model.parameters(), lr=0.01)
    for step in range(5):
        model.train()
        at = torch.randint(0, len(codes) - 17, (4,))
        x = torch.stack([codes[i:i + 16] for i in at])
        y = torch.stack([codes[i + 1:i + 17] for i in at])
        scores, _ = model(x)
        loss = nn.functional.cross_entropy(scores.flatten(0, 1), y.flatten())
        opt.zero_grad()
        loss.backward()
        opt.step()
    return sample(model, "t")


if __name__ == "__main__":
    main()
