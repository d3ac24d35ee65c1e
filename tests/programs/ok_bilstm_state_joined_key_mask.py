import torch
from torch import nn
from torch.nn.utils.rnn import pack_padded_sequence, pad_packed_sequence


class ReviewAttention(nn.Module):
    def __init__(self, vocab=90, dim=16, hidden=12, labels=3):
        super().__init__()
        self.emb = nn.Embedding(vocab, dim, padding_idx=0)
        self.rnn = nn.LSTM(dim, hidden, batch_first=True, bidirectional=True)
        self.key = nn.Linear(2 * hidden, 2 * hidden, bias=False)
        self.out = nn.Linear(4 * hidden, labels)

    def forward(self, ids):
        lengths = (ids != 0).sum(1)
        packed = pack_padded_sequence(self.emb(ids), lengths.cpu(), batch_first=True, enforce_sorted=False)
        seq, (h, _) = self.rnn(packed)
        seq, _ = pad_packed_sequence(seq, batch_first=True, total_length=ids.size(1))
        last = h.transpose(0, 1).reshape(ids.size(0), -1)
        energy = torch.bmm(self.key(seq), last.unsqueeze(2)).squeeze(2)
        weights = energy.masked_fill(ids == 0, float("-inf")).softmax(1)
        context = torch.bmm(weights.unsqueeze(1), seq).squeeze(1)
        return self.out(torch.cat([context, last], dim=1))


def step():
    ids = torch.randint(1, 90, (5, 11))
    for row, n in enumerate((7, 11, 4, 9, 2)):
        ids[row, n:] = 0
    net = ReviewAttention()
    opt = torch.optim.Adam(net.parameters())
    loss = nn.functional.cross_entropy(net(ids), torch.tensor([0, 2, 1, 1, 0]))
    opt.zero_grad()
    loss.backward()
    opt.step()
    return loss.item()


if __name__ == "__main__":
    print(step())
