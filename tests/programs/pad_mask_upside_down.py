import torch
from torch import nn

PAD = 0


class TicketRouter(nn.Module):
    """Routes a support ticket to one of six desks."""

    def __init__(self, vocab=500, d=32, desks=6, max_len=40):
        super().__init__()
        self.words = nn.Embedding(vocab, d, padding_idx=PAD)
        self.places = nn.Embedding(max_len, d)
        layer = nn.TransformerEncoderLayer(d, 4, 64, dropout=0.1, batch_first=True)
        self.encoder = nn.TransformerEncoder(layer, 2, enable_nested_tensor=False)
        self.desk = nn.Linear(d, desks)

    def forward(self, ids):
        mask = ids != PAD
        x = self.words(ids) + self.places(torch.arange(ids.shape[1], device=ids.device))
        x = self.encoder(x, src_key_padding_mask=mask)
        keep = (ids != PAD).unsqueeze(-1).float()
        pooled = (x * keep).sum(1) / keep.sum(1)
        return self.desk(pooled)


def tickets(n=32):
    ids = torch.zeros(n, 20, dtype=torch.long)
    for row in range(n):
        length = int(torch.randint(5, 19, ()))
        ids[row, :length] = torch.randint(1, 500, (length,))
    return ids, torch.randint(0, 6, (n,))


def main():
    torch.manual_seed(3)
    net = TicketRouter()
    opt = torch.optim.Adam(net.parameters(), lr=5e-4)
    loss_fn = nn.CrossEntropyLoss()
    net.train()
    for step in range(5):
        ids, desk = tickets()
        loss = loss_fn(net(ids), desk)
        opt.zero_grad()
        loss.backward()
        opt.step()


if __name__ == "__main__":
    main()
