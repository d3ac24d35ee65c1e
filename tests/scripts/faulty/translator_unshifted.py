# finds: target-is-input
import torch
from torch import nn
from torch.utils.data import DataLoader

PAD, START, END = 0, 1, 2


def pairs(n):
    out = []
    for _ in range(n):
        words = torch.randint(3, 20, (int(torch.randint(3, 8, (1,))),)).tolist()
        out.append((words, [START, *reversed(words), END]))
    return out


def collate(samples):
    def fill(rows):
        longest = max(map(len, rows))
        return torch.tensor([row + [PAD] * (longest - len(row)) for row in rows])

    source, target = zip(*samples, strict=False)
    return fill(list(source)), fill(list(target))


class Seq2Seq(nn.Module):
    def __init__(self, size=32):
        super().__init__()
        self.source = nn.Embedding(20, size, padding_idx=PAD)
        self.target = nn.Embedding(20, size, padding_idx=PAD)
        self.encoder = nn.LSTM(size, size, batch_first=True)
        self.decoder = nn.LSTM(size, size, batch_first=True)
        self.out = nn.Linear(size, 20)

    def forward(self, source, target):
        _, state = self.encoder(self.source(source))
        decoded, _ = self.decoder(self.target(target), state)
        return self.out(decoded)


def train_epoch(net, loader, optimizer, criterion):
    net.train()
    total = 0.0
    for source, target in loader:
        optimizer.zero_grad()
        scores = net(source, target)
        loss = criterion(scores.flatten(0, 1), target.flatten())  # here
        loss.backward()
        optimizer.step()
        total += loss.item()
    return total / len(loader)


torch.manual_seed(0)
net = Seq2Seq()
optimizer = torch.optim.Adam(net.parameters(), lr=2e-3)
criterion = nn.CrossEntropyLoss(ignore_index=PAD)
loader = DataLoader(pairs(96), batch_size=16, shuffle=True, collate_fn=collate)
for _ in range(3):
    print(train_epoch(net, loader, optimizer, criterion))
