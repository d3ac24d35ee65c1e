import torch
import torch.nn as nn

PAD, BOS, EOS, UNK = 0, 1, 2, 3


class Vocabulary:
    def __init__(self, words):
        self.index = {w: i for i, w in enumerate(["<pad>", "<bos>", "<eos>", "<unk>", *sorted(set(words))])}

    def __len__(self):
        return len(self.index)

    def ids(self, line):
        return [BOS] + [self.index.get(w, UNK) for w in line.split()] + [EOS]


class Translator(nn.Module):
    def __init__(self, n_src, n_trg, dim=32):
        super().__init__()
        self.src, self.trg = nn.Embedding(n_src, dim, padding_idx=PAD), nn.Embedding(n_trg, dim, padding_idx=PAD)
        self.pos = nn.Embedding(50, dim)
        self.core = nn.Transformer(dim, 4, 2, 2, 64, batch_first=True)
        self.head = nn.Linear(dim, n_trg)

    def embed(self, table, ids):
        return table(ids) + self.pos(torch.arange(ids.size(1)))

    def forward(self, src, trg):
        n = trg.size(1)
        causal = torch.triu(torch.ones(n, n, dtype=torch.bool), diagonal=1)
        h = self.core(
            self.embed(self.src, src), self.embed(self.trg, trg), tgt_mask=causal,
            src_key_padding_mask=src == PAD, tgt_key_padding_mask=trg == PAD, memory_key_padding_mask=src == PAD,
        )
        return self.head(h)


def pad(rows):
    return nn.utils.rnn.pad_sequence([torch.tensor(r) for r in rows], batch_first=True, padding_value=PAD)


def learn():
    german = ["ich bin hier", "das haus ist sehr alt", "wir gehen"]
    english = ["i am here", "the house is very old", "we go home now"]
    vs = Vocabulary(" ".join(german).split())
    vt = Vocabulary(" ".join(english).split())
    net = Translator(len(vs), len(vt))
    opt = torch.optim.AdamW(net.parameters(), 1e-3)
    crit = nn.CrossEntropyLoss(ignore_index=PAD, label_smoothing=0.1)
    src, trg = pad([vs.ids(s) for s in german]), pad([vt.ids(s) for s in english])
    for _ in range(2):
        net.train()
        out = net(src, trg[:, :-1])
        loss = crit(out.reshape(-1, out.size(-1)), trg[:, 1:].reshape(-1))
        opt.zero_grad()
        loss.backward()
        opt.step()
    net.eval()
    with torch.no_grad():
        words = torch.full((1, 1), BOS)
        for _ in range(6):
            nxt = net(src[:1], words)[:, -1].argmax(-1, keepdim=True)
            words = torch.cat([words, nxt], dim=1)
    return words


if __name__ == "__main__":
    learn()
