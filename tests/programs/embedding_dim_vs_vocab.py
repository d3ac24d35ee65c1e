import torch
import torch.nn as nn

VOCAB, DIM = 120, 16


class TextLSTM(nn.Module):
    def __init__(self):
        super().__init__()
        self.embed = nn.Embedding(DIM, VOCAB)
        self.lstm = nn.LSTM(DIM, 32, batch_first=True)
        self.fc = nn.Linear(32, 2)

    def forward(self, ids):
        out, (h, c) = self.lstm(self.embed(ids))
        return self.fc(h[-1])
