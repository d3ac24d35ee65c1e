import torch
import torch.nn as nn


class DialogueModel(nn.Module):
    def __init__(self, vocab=150, dim=32):
        super().__init__()
        self.emb = nn.Embedding(vocab, dim)
        self.utterance = nn.GRU(dim, dim, batch_first=True)
        self.context = nn.GRU(dim, dim, batch_first=True)
        self.drop = nn.Dropout(0.3)
        self.decode = nn.Linear(dim, vocab)

    def forward(self, turns):
        b, n, t = turns.shape
        _, u = self.utterance(self.drop(self.emb(turns.reshape(b * n, t))))
        h, _ = self.context(u[-1].view(b, n, -1))
        return self.decode(self.drop(h[:, -1]))


class Seq2SeqTrainer:
    def __init__(self, model, print_every=2):
        self.model = model
        self.criterion = nn.CrossEntropyLoss()
        self.optimizer = torch.optim.Adam(model.parameters(), lr=4e-4)
        self.print_every = print_every

    def loss_of(self, batch):
        turns, answer = batch
        return self.criterion(self.model(turns), answer)

    def evaluate(self, batches):
        self.model.eval()
        with torch.no_grad():
            return sum(self.loss_of(b).item() for b in batches) / len(batches)

    def train_epochs(self, train, valid, epochs):
        self.model.train()
        seen = 0
        for epoch in range(epochs):
            for batch in train:
                loss = self.loss_of(batch)
                self.optimizer.zero_grad()
                loss.backward()
                nn.utils.clip_grad_norm_(self.model.parameters(), 1.0)
                self.optimizer.step()
                seen += 1
                if seen % self.print_every == 0:
                    valid_loss = self.evaluate(valid)
        return valid_loss


def batches(n):
    return [(torch.randint(0, 150, (4, 3, 7)), torch.randint(0, 150, (4,))) for _ in range(n)]


def main():
    trainer = Seq2SeqTrainer(DialogueModel())
    return trainer.train_epochs(batches(5), batches(2), epochs=2)


if __name__ == "__main__":
    print(main())
