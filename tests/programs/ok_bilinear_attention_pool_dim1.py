import torch
from torch import nn


class LabelAttention(nn.Module):
    """one attention distribution over the words for every label (CAML)"""

    def __init__(self, dim, labels):
        super().__init__()
        self.U = nn.Linear(dim, labels, bias=False)
        self.final = nn.Linear(dim, labels)

    def forward(self, h, mask):
        scores = self.U(h).masked_fill(~mask.unsqueeze(-1), float("-inf"))     # (B, T, L)
        alpha = torch.softmax(scores, dim=1)
        m = alpha.transpose(1, 2) @ h                                            # (B, L, D)
        return (self.final.weight * m).sum(-1) + self.final.bias


class NoteTagger(nn.Module):
    def __init__(self, vocab=150, emb=24, channels=40, k=5, labels=12):
        super().__init__()
        self.emb = nn.Embedding(vocab, emb, padding_idx=0)
        self.drop = nn.Dropout(0.2)
        self.conv = nn.Conv1d(emb, channels, k, padding=k // 2)
        self.attn = LabelAttention(channels, labels)

    def forward(self, ids):
        mask = ids != 0
        mask[:, 0] = True
        x = self.drop(self.emb(ids)).transpose(1, 2)
        h = torch.tanh(self.conv(x)).transpose(1, 2)
        return self.attn(h, mask)


def train():
    net = NoteTagger()
    opt = torch.optim.Adam(net.parameters(), lr=1e-3)
    lossf = nn.BCEWithLogitsLoss(pos_weight=torch.full((12,), 3.0))
    for _ in range(2):
        ids = torch.randint(0, 150, (3, 25))
        y = (torch.rand(3, 12) > 0.7).float()
        loss = lossf(net(ids), y)
        opt.zero_grad()
        loss.backward()
        opt.step()
    net.eval()
    with torch.no_grad():
        return torch.sigmoid(net(ids)) > 0.5


if __name__ == "__main__":
    print(train().shape)
