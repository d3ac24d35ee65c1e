# Sources are packed, targets are shifted by one, the filling is ignored.
import torch
from torch import nn
from torch.nn.utils.rnn import pack_padded_sequence, pad_sequence
from torch.utils.data import DataLoader, Dataset

PAD, START, END, WORDS = 0, 1, 2, 20


class Pairs(Dataset):
    def __init__(self, n):
        self.rows = [torch.randint(3, WORDS, (int(torch.randint(3, 9, ())),)) for _ in range(n)]

    def __len__(self):
        return len(self.rows)

    def __getitem__(self, i):
        row = self.rows[i]
        return row, torch.cat([torch.tensor([START]), row.flip(0), torch.tensor([END])])


def collate(samples):
    source, target = zip(*samples, strict=False)
    lengths = torch.tensor([len(row) for row in source])
    return pad_sequence(source, True, PAD), lengths, pad_sequence(target, True, PAD)


class Translator(nn.Module):
    def __init__(self, size=32):
        super().__init__()
        self.words = nn.Embedding(WORDS, size, padding_idx=PAD)
        self.encoder = nn.GRU(size, size, batch_first=True)
        self.decoder = nn.GRU(size, size, batch_first=True)
        self.out = nn.Linear(size, WORDS)

    def forward(self, source, lengths, given):
        packed = pack_padded_sequence(self.words(source), lengths, batch_first=True, enforce_sorted=False)
        _, state = self.encoder(packed)
        return self.out(self.decoder(self.words(given), state)[0])

    @torch.no_grad()
    def translate(self, source, lengths, steps=10):
        given = torch.full((len(source), 1), START)
        for _ in range(steps):
            word = self(source, lengths, given)[:, -1].argmax(-1, keepdim=True)
            given = torch.cat([given, word], 1)
        return given


torch.manual_seed(0)
net = Translator()
optimizer = torch.optim.Adam(net.parameters(), lr=2e-3)
criterion = nn.CrossEntropyLoss(ignore_index=PAD)
train = DataLoader(Pairs(96), 16, shuffle=True, collate_fn=collate)
for _ in range(2):
    net.train()
    for source, lengths, target in train:
        scores = net(source, lengths, target[:, :-1])
        loss = criterion(scores.transpose(1, 2), target[:, 1:])
        optimizer.zero_grad()
        loss.backward()
        nn.utils.clip_grad_norm_(net.parameters(), 1.0)
        optimizer.step()
net.eval()
source, lengths, _ = next(iter(DataLoader(Pairs(8), 8, collate_fn=collate)))
print(net.translate(source, lengths).shape, loss.item())
