import torch
import torch.nn as nn
import torch.nn.functional as F


class QueryEncoder(nn.Module):
    """Encodes a search query for a two-tower retriever."""

    def __init__(self, vocab=1000, emb=32, hidden=24, layers=2, out=16):
        super().__init__()
        self.emb = nn.Embedding(vocab, emb, padding_idx=0)
        self.gru = nn.GRU(emb, hidden, num_layers=layers, bidirectional=True, batch_first=True)
        self.drop = nn.Dropout(0.2)
        self.proj = nn.Linear(hidden * layers * 2, out)

    def forward(self, x):
        e = self.emb(x)
        _, h_n = self.gru(e)
        # (layers * directions, batch, hidden) -> one row a query
        state = h_n.view(x.size(0), -1)
        return self.proj(self.drop(state))


class TwoTower(nn.Module):
    def __init__(self):
        super().__init__()
        self.q = QueryEncoder()
        self.d = nn.EmbeddingBag(5000, 16, mode="mean")
        self.log_t = nn.Parameter(torch.tensor(0.0))

    def forward(self, query, doc):
        q = F.normalize(self.q(query), dim=-1)
        d = F.normalize(self.d(doc), dim=-1)
        return q @ d.t() * self.log_t.exp()


def step(model, opt):
    query = torch.randint(1, 1000, (4, 12))
    doc = torch.randint(1, 5000, (4, 40))
    scores = model(query, doc)
    loss = F.cross_entropy(scores, torch.arange(4))
    opt.zero_grad()
    loss.backward()
    opt.step()
    return float(loss)


if __name__ == "__main__":
    m = TwoTower()
    print(step(m, torch.optim.Adam(m.parameters(), 1e-3)))
