import torch
from torch import nn
import torch.nn.functional as F


class LastStateAttention(nn.Module):
    def __init__(self, vocab=50, hidden=12, classes=3):
        super().__init__()
        self.emb = nn.Embedding(vocab, hidden)
        self.lstm = nn.LSTM(hidden, hidden, batch_first=True)
        self.fc = nn.Linear(hidden, classes)

    def forward(self, ids):
        states, (h, _) = self.lstm(self.emb(ids))
        query = h[-1].unsqueeze(1)                              # (B, 1, H)
        scores = torch.bmm(query, states.transpose(1, 2))       # (B, 1, T)
        weights = F.softmax(scores, dim=1)
        context = torch.bmm(weights, states).squeeze(1)
        return self.fc(context)


if __name__ == "__main__":
    print(LastStateAttention()(torch.randint(0, 50, (2, 6))))
