import torch
import torch.nn as nn
from torch.nn.utils.rnn import pack_padded_sequence, pad_sequence


class VisitEncoder(nn.Module):
    def __init__(self, n_codes=80, dim=24, hid=40):
        super().__init__()
        self.code = nn.Embedding(n_codes, dim, padding_idx=0)
        self.gru = nn.GRU(dim, hid, batch_first=True)
        self.risk = nn.Linear(hid, 1)

    def forward(self, visits, lengths):
        x = self.code(visits)
        packed = pack_padded_sequence(x, lengths, enforce_sorted=False)
        _, h = self.gru(packed)
        return self.risk(h[-1]).squeeze(1)


def patients(n=10):
    lens = [3 + (7 * i) % 9 for i in range(n)]
    rows = [torch.randint(1, 80, (length,)) for length in lens]
    return pad_sequence(rows, batch_first=True), torch.tensor(lens), torch.randint(0, 2, (n,)).float()


def train():
    net = VisitEncoder()
    opt = torch.optim.Adam(net.parameters())
    bce = nn.BCEWithLogitsLoss()
    for _ in range(3):
        visits, lengths, died = patients()
        loss = bce(net(visits, lengths), died)
        opt.zero_grad()
        loss.backward()
        opt.step()


if __name__ == "__main__":
    train()
