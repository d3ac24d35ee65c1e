import torch
import torch.nn as nn
from torch.utils.data import Dataset, DataLoader


class Reviews(Dataset):
    def __init__(self, n=60, vocab=400):
        g = torch.Generator().manual_seed(1)
        self.tokens = torch.randint(1, vocab, (n, 25), generator=g)
        self.stars = [1 + i % 5 for i in range(n)]

    def __len__(self):
        return len(self.stars)

    def __getitem__(self, idx):
        return self.tokens[idx], torch.tensor(self.stars[idx])


class StarNet(nn.Module):
    def __init__(self, vocab=400, dim=40):
        super().__init__()
        self.bag = nn.EmbeddingBag(vocab, dim, mode="mean")
        self.hidden = nn.Linear(dim, 64)
        self.out = nn.Linear(64, 5)

    def forward(self, tokens):
        return self.out(torch.relu(self.hidden(self.bag(tokens))))


def train(epochs=2):
    net = StarNet()
    sgd = torch.optim.SGD(net.parameters(), lr=0.1, momentum=0.9)
    criterion = nn.CrossEntropyLoss(label_smoothing=0.05)
    for _ in range(epochs):
        for tokens, stars in DataLoader(Reviews(), batch_size=12, shuffle=True):
            sgd.zero_grad()
            loss = criterion(net(tokens), stars)
            loss.backward()
            sgd.step()


if __name__ == "__main__":
    train()
