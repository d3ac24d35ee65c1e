import random

import torch
import torch.nn as nn


class EncoderCNN(nn.Module):
    def __init__(self, embed_size):
        super().__init__()
        self.features = nn.Sequential(
            nn.Conv2d(3, 8, 3, stride=2, padding=1), nn.ReLU(),
            nn.Conv2d(8, 16, 3, stride=2, padding=1), nn.ReLU(),
            nn.AdaptiveAvgPool2d(1), nn.Flatten(),
        )
        self.embed = nn.Linear(16, embed_size)
        self.bn = nn.BatchNorm1d(embed_size)

    def forward(self, images):
        return self.bn(self.embed(self.features(images)))


class DecoderRNN(nn.Module):
    def __init__(self, embed_size, hidden_size, vocab_size, num_layers=1):
        super().__init__()
        self.embed = nn.Embedding(vocab_size, embed_size)
        self.gru = nn.GRU(embed_size, hidden_size, num_layers, batch_first=True)
        self.init_h = nn.Linear(embed_size, hidden_size)
        self.linear = nn.Linear(hidden_size, vocab_size)

    def step(self, token, hidden):
        x = self.embed(token)
        out, hidden = self.gru(x, hidden)
        return self.linear(out.squeeze(1)), hidden

    def forward(self, features, captions, teacher_forcing=0.5):
        hidden = torch.tanh(self.init_h(features)).unsqueeze(0)
        token = captions[:, 0]
        outputs = []
        for t in range(1, captions.size(1)):
            logits, hidden = self.step(token, hidden)
            outputs.append(logits)
            token = captions[:, t] if random.random() < teacher_forcing else logits.argmax(-1)
        return torch.stack(outputs, dim=1)


class Captioner(nn.Module):
    def __init__(self, embed_size=24, hidden_size=32, vocab_size=120):
        super().__init__()
        self.encoder = EncoderCNN(embed_size)
        self.decoder = DecoderRNN(embed_size, hidden_size, vocab_size)

    def forward(self, images, captions):
        return self.decoder(self.encoder(images), captions)


def demo():
    model = Captioner()
    images = torch.randn(5, 3, 64, 64)
    captions = torch.randint(0, 120, (5, 9))
    logits = model(images, captions)
    loss = nn.functional.cross_entropy(logits.reshape(-1, 120), captions[:, 1:].reshape(-1))
    loss.backward()


if __name__ == "__main__":
    demo()
