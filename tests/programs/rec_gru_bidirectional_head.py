import torch
import torch.nn as nn


class ReviewGRU(nn.Module):
    def __init__(self, vocab_size=500, embed=32, hidden=64, classes=3):
        super().__init__()
        self.embedding = nn.Embedding(vocab_size, embed, padding_idx=0)
        self.gru = nn.GRU(embed, hidden, batch_first=True, bidirectional=True)
        self.dropout = nn.Dropout(0.4)
        self.fc = nn.Linear(hidden, classes)

    def forward(self, ids):
        emb = self.dropout(self.embedding(ids))
        out, _ = self.gru(emb)
        pooled, _ = out.max(dim=1)
        return self.fc(self.dropout(pooled))


def batches(n, size=4):
    for _ in range(n):
        yield torch.randint(1, 500, (size, 30)), torch.randint(0, 3, (size,))


def main():
    model = ReviewGRU()
    optimizer = torch.optim.Adam(model.parameters(), lr=1e-3)
    criterion = nn.CrossEntropyLoss()
    running = 0.0
    for ids, stars in batches(5):
        optimizer.zero_grad()
        scores = model(ids)
        loss = criterion(scores, stars)
        loss.backward()
        nn.utils.clip_grad_norm_(model.parameters(), 1.0)
        optimizer.step()
        running += loss.item()
    print(running / 5)


if __name__ == "__main__":
    main()
