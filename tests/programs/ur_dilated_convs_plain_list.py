import torch
import torch.nn as nn


class DilatedTagger(nn.Module):
    def __init__(self, vocab=300, dim=24, tags=9, dilations=(1, 2, 4)):
        super().__init__()
        self.embed = nn.Embedding(vocab, dim)
        self.convs = []
        for d in dilations:
            self.convs.append(nn.Conv1d(dim, dim, 3, padding=d, dilation=d))
        self.out = nn.Linear(dim, tags)

    def forward(self, ids):
        x = self.embed(ids).transpose(1, 2)
        for conv in self.convs:
            x = x + torch.relu(conv(x))
        return self.out(x.transpose(1, 2))


def main():
    model = DilatedTagger()
    optimizer = torch.optim.Adam(model.parameters(), lr=1e-3)
    criterion = nn.CrossEntropyLoss()
    for step in range(3):
        ids, tags = torch.randint(0, 300, (4, 40)), torch.randint(0, 9, (4, 40))
        scores = model(ids)
        loss = criterion(scores.reshape(-1, 9), tags.reshape(-1))
        optimizer.zero_grad()
        loss.backward()
        optimizer.step()
    torch.save(model.state_dict(), "/dev/null")


if __name__ == "__main__":
    main()
