# Rows are packed before the layer, so that its final state is that of each row's own end.
import torch
from torch import nn
from torch.nn.utils.rnn import pad_sequence
from torch.utils.data import DataLoader, Dataset

PAD = 0


class Reviews(Dataset):
    def __init__(self, n=128):
        self.rows = [torch.randint(1, 50, (int(torch.randint(4, 25, ())),)) for _ in range(n)]

    def __len__(self):
        return len(self.rows)

    def __getitem__(self, i):
        return self.rows[i], int(self.rows[i].float().mean() > 25)


def collate(samples):
    rows, labels = zip(*samples, strict=False)
    return pad_sequence(rows, batch_first=True, padding_value=PAD), torch.tensor(labels)


class Sentiment(nn.Module):
    def __init__(self, size=24):
        super().__init__()
        self.embedding = nn.Embedding(50, size, padding_idx=PAD)
        self.lstm = nn.LSTM(size, size, batch_first=True)
        self.head = nn.Linear(size, 2)

    def forward(self, tokens):
        packed = nn.utils.rnn.pack_padded_sequence(
            self.embedding(tokens), (tokens != PAD).sum(1), batch_first=True, enforce_sorted=False
        )
        _, (outputs, _) = self.lstm(packed)
        return self.head(outputs[-1])


def main():
    torch.manual_seed(0)
    net = Sentiment()
    optimizer = torch.optim.Adam(net.parameters(), lr=2e-3)
    loader = DataLoader(Reviews(), 16, shuffle=True, collate_fn=collate)
    for _ in range(2):
        for tokens, labels in loader:
            loss = nn.functional.cross_entropy(net(tokens), labels)
            optimizer.zero_grad()
            loss.backward()
            optimizer.step()
    print(loss.item())


main()
