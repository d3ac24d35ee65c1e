import torch
from torch import nn


class WordLM(nn.Module):
    """Three stacked LSTMs of one layer each, as in the AWD model."""

    def __init__(self, ntoken=300, ninp=32, nhid=48, nlayers=3):
        super().__init__()
        self.encoder = nn.Embedding(ntoken, ninp)
        sizes = [ninp] + [nhid] * (nlayers - 1) + [ninp]
        self.rnns = nn.ModuleList([nn.LSTM(a, b) for a, b in zip(sizes[:-1], sizes[1:])])
        self.decoder = nn.Linear(ninp, ntoken)
        self.sizes = sizes

    def init_hidden(self, bsz):
        w = next(self.parameters())
        return [(w.new_zeros(1, bsz, s), w.new_zeros(1, bsz, s)) for s in self.sizes[1:]]

    def forward(self, tokens, hidden):
        x = self.encoder(tokens)
        new = []
        for rnn, h in zip(self.rnns, hidden):
            x, h = rnn(x, h)
            new.append(h)
        return self.decoder(x), new


def repackage(hidden):
    return [tuple(v.detach() for v in h) for h in hidden]


def batchify(ids, bsz):
    n = ids.size(0) // bsz
    return ids[: n * bsz].view(bsz, n).t().contiguous()


def get_batch(source, i, bptt):
    n = min(bptt, len(source) - 1 - i)
    return source[i : i + n], source[i + 1 : i + 1 + n].reshape(-1)


def main():
    batch_size, eval_batch_size, bptt = 20, 10, 15
    corpus = torch.randint(0, 300, (1400,))
    train_data = batchify(corpus[:1000], batch_size)
    val_data = batchify(corpus[1000:], eval_batch_size)
    model, criterion = WordLM(), nn.CrossEntropyLoss()
    opt = torch.optim.SGD(model.parameters(), lr=1.0)

    def evaluate(data):
        model.eval()
        hidden = model.init_hidden(batch_size)
        total = 0.0
        with torch.no_grad():
            for i in range(0, data.size(0) - 1, bptt):
                x, y = get_batch(data, i, bptt)
                out, hidden = model(x, hidden)
                total += len(x) * criterion(out.view(-1, 300), y).item()
        return total / len(data)

    model.train()
    hidden = model.init_hidden(batch_size)
    for i in range(0, train_data.size(0) - 1, bptt):
        x, y = get_batch(train_data, i, bptt)
        hidden = repackage(hidden)
        opt.zero_grad()
        out, hidden = model(x, hidden)
        criterion(out.view(-1, 300), y).backward()
        opt.step()
    return evaluate(val_data)


if __name__ == "__main__":
    print(main())
