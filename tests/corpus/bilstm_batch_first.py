from torch import nn


class Tagger(nn.Module):
    def __init__(self, vocab=2000, dim=32, hidden=48, tags=9):
        super().__init__()
        self.emb = nn.Embedding(vocab, dim, padding_idx=0)
        self.rnn = nn.LSTM(dim, hidden, num_layers=2, batch_first=True, bidirectional=True, dropout=0.1)
        self.out = nn.Linear(2 * hidden, tags)

    def forward(self, token_ids, mask=None):
        h, _ = self.rnn(self.emb(token_ids))
        logits = self.out(h)
        return logits if mask is None else logits * mask.unsqueeze(-1)
