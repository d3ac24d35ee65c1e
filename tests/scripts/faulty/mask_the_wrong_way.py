# finds: padding-attended
import torch
from torch import nn
from torch.nn.utils.rnn import pad_sequence

PAD = 0


class AttnClassifier(nn.Module):
    def __init__(self, vocab=30, dim=16):
        super().__init__()
        self.emb = nn.Embedding(vocab, dim, padding_idx=PAD)
        self.attn = nn.MultiheadAttention(dim, 2, batch_first=True)
        self.fc = nn.Linear(dim, 2)

    def forward(self, tokens):
        mask = tokens != PAD
        e = self.emb(tokens)
        h, _ = self.attn(e, e, e, key_padding_mask=mask)  # here
        keep = (tokens != PAD).unsqueeze(-1)
        return self.fc((h * keep).sum(1) / keep.sum(1))


def make(n):
    seqs = [torch.randint(1, 30, (int(torch.randint(3, 10, ())),)) for _ in range(n)]
    seqs[0] = torch.randint(1, 30, (6,))
    return pad_sequence(
        [*seqs, torch.randint(1, 30, (11,))[:0], torch.ones(12, dtype=torch.long)], batch_first=True
    )[:n], torch.tensor([int(s.float().mean() > 15) for s in seqs])


torch.manual_seed(0)
net = AttnClassifier()
opt = torch.optim.Adam(net.parameters(), lr=1e-3)
for _step in range(12):
    x, y = make(16)
    loss = nn.functional.cross_entropy(net(x), y)
    opt.zero_grad()
    loss.backward()
    opt.step()
print(loss.item())
