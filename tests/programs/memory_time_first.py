import torch
from torch import nn


class SpeechToText(nn.Module):
    def __init__(self, n_mels=40, d=64, vocab=60):
        super().__init__()
        self.front = nn.Linear(n_mels, d)
        self.enc = nn.TransformerEncoder(nn.TransformerEncoderLayer(d, 4, 128, batch_first=True), 1)
        self.embed = nn.Embedding(vocab, d)
        self.dec = nn.TransformerDecoder(nn.TransformerDecoderLayer(d, 4, 128), 1)
        self.to_vocab = nn.Linear(d, vocab)

    def forward(self, mels, tokens):
        memory = self.enc(self.front(mels))
        tgt = self.embed(tokens)
        mask = nn.Transformer.generate_square_subsequent_mask(tokens.size(1))
        y = self.dec(tgt, memory, tgt_mask=mask)
        return self.to_vocab(y)


def collate(n):
    mels = torch.randn(n, 50, 40)
    tokens = torch.randint(1, 60, (n, 13))
    return mels, tokens


class Trainer:
    def __init__(self, model):
        self.model = model
        self.optim = torch.optim.Adam(model.parameters(), lr=1e-4)
        self.loss = nn.CrossEntropyLoss()

    def epoch(self, batches=3):
        for _ in range(batches):
            mels, tokens = collate(8)
            logits = self.model(mels, tokens[:, :-1])
            loss = self.loss(logits.reshape(-1, logits.size(-1)), tokens[:, 1:].reshape(-1))
            self.optim.zero_grad()
            loss.backward()
            self.optim.step()


if __name__ == "__main__":
    Trainer(SpeechToText()).epoch()
