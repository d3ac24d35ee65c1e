import torch
import torch.nn as nn
import torch.nn.functional as F


class CharEmbedding(nn.Module):
    def __init__(self, char_vocab=70, char_dim=8, channels=16, width=5):
        super().__init__()
        self.char_dim = char_dim
        self.char_emb = nn.Embedding(char_vocab, char_dim, padding_idx=1)
        self.char_conv = nn.Conv1d(char_dim, channels, width)
        self.dropout = nn.Dropout(0.2)

    def forward(self, x):
        """
        :param x: (batch, seq_len, word_len)
        :return: (batch, seq_len, char_channel_size)
        """
        batch_size = x.size(0)
        # (batch, seq_len, word_len, char_dim)
        x = self.dropout(self.char_emb(x))
        # (batch * seq_len, char_dim, word_len)
        x = x.view(-1, self.char_dim, x.size(2))
        x = self.char_conv(x)
        x = F.max_pool1d(x, x.size(2)).squeeze(2)
        return x.view(batch_size, -1, x.size(1))


class Reader(nn.Module):
    def __init__(self, hidden=20):
        super().__init__()
        self.chars = CharEmbedding()
        self.words = nn.Embedding(200, 24)
        self.context = nn.LSTM(40, hidden, batch_first=True, bidirectional=True)
        self.start, self.end = nn.Linear(2 * hidden, 1), nn.Linear(2 * hidden, 1)

    def forward(self, w, c):
        h, _ = self.context(torch.cat([self.chars(c), self.words(w)], dim=-1))
        return self.start(h).squeeze(-1), self.end(h).squeeze(-1)


def one_step():
    net = Reader()
    opt = torch.optim.Adadelta(net.parameters(), lr=0.5)
    w, c = torch.randint(0, 200, (4, 30)), torch.randint(0, 70, (4, 30, 12))
    s, e = torch.randint(0, 30, (4,)), torch.randint(0, 30, (4,))
    p1, p2 = net(w, c)
    loss = F.cross_entropy(p1, s) + F.cross_entropy(p2, e)
    opt.zero_grad()
    loss.backward()
    opt.step()
    return loss


if __name__ == "__main__":
    print(one_step().item())
