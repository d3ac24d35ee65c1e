# finds: loss-inputs
import torch
import torch.nn.functional as F
from torch import nn


class ToxicComments(nn.Module):
    LABELS = ("toxic", "severe", "obscene", "threat", "insult", "hate")

    def __init__(self, vocabulary=60, size=24):
        super().__init__()
        self.embedding = nn.EmbeddingBag(vocabulary, size)
        self.hidden = nn.Linear(size, size)
        self.out = nn.Linear(size, len(self.LABELS))

    def forward(self, tokens):
        return F.softmax(self.out(F.relu(self.hidden(self.embedding(tokens)))), dim=1)  # here


class Learner:
    def __init__(self, net, lr):
        self.net = net
        self.optimizer = torch.optim.Adam(net.parameters(), lr=lr)
        self.criterion = nn.BCELoss()

    def step(self, tokens, labels):
        self.net.train()
        self.optimizer.zero_grad()
        loss = self.criterion(self.net(tokens), labels)
        loss.backward()
        self.optimizer.step()
        return loss.item()

    @torch.no_grad()
    def score(self, tokens, labels):
        self.net.eval()
        return ((self.net(tokens) > 0.5) == labels.bool()).float().mean().item()


def batch(n=32):
    tokens = torch.randint(0, 60, (n, 15))
    counts = torch.stack([(tokens % 6 == k).float().sum(1) for k in range(6)], 1)
    return tokens, (counts > 2).float()


torch.manual_seed(0)
learner = Learner(ToxicComments(), 1e-2)
for _ in range(10):
    loss = learner.step(*batch())
print(loss, learner.score(*batch()))
