import torch
from torch import nn


class VQA(nn.Module):
    def __init__(self, vocab=500):
        super().__init__()
        self.cnn = nn.Sequential(nn.Conv2d(3, 16, 5, stride=2), nn.ReLU(), nn.AdaptiveAvgPool2d((1, 1)))
        self.embed = nn.Embedding(vocab, 16)
        self.lstm = nn.LSTM(16, 16, batch_first=True)
        self.fc = nn.Linear(32, 10)

    def forward(self, image, question):
        visual = self.cnn(image).flatten(1)
        _, (h, _) = self.lstm(self.embed(question))
        return self.fc(torch.cat((visual, h[-1]), 1))
