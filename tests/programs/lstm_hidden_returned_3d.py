import torch
import torch.nn as nn


class NewsClassifier(nn.Module):
    def __init__(self, vocab=200, emb=24, hidden=32, classes=4):
        super().__init__()
        self.embedding = nn.Embedding(vocab, emb)
        self.lstm = nn.LSTM(emb, hidden, batch_first=True)
        self.fc = nn.Linear(hidden, classes)

    def forward(self, text):
        embedded = self.embedding(text)
        output, (hidden, cell) = self.lstm(embedded)
        return self.fc(hidden)


def train():
    net = NewsClassifier()
    criterion = nn.CrossEntropyLoss()
    text, labels = torch.randint(0, 200, (32, 15)), torch.randint(0, 4, (32,))
    loss = criterion(net(text), labels)
    loss.backward()
