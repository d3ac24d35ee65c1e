import torch
from torch import nn


class CharRNN(nn.Module):
    def __init__(self, n_chars=60, hidden=48, layers=2):
        super().__init__()
        self.n_layers, self.hidden = layers, hidden
        self.emb = nn.Embedding(n_chars, hidden)
        self.lstm = nn.LSTM(hidden, hidden, layers, dropout=0.2, batch_first=True)
        self.out = nn.Linear(hidden, n_chars)

    def forward(self, x, state):
        h, state = self.lstm(self.emb(x), state)
        return self.out(h), state

    def begin(self, batch):
        shape = (self.n_layers, batch, self.hidden)
        return torch.zeros(shape), torch.zeros(shape)


def train():
    text = torch.randint(0, 60, (8, 161))
    val = torch.randint(0, 60, (3, 81))
    net = CharRNN()
    opt = torch.optim.Adam(net.parameters(), lr=2e-3)
    for epoch in range(2):
        net.train()
        state = net.begin(8)
        for i in range(0, 160, 40):
            x, y = text[:, i : i + 40], text[:, i + 1 : i + 41]
            state = tuple(s.detach() for s in state)
            scores, state = net(x, state)
            loss = nn.functional.cross_entropy(scores.transpose(1, 2), y)
            opt.zero_grad()
            loss.backward()
            nn.utils.clip_grad_norm_(net.parameters(), 5.0)
            opt.step()
        net.eval()
        with torch.no_grad():
            state, total = net.begin(3), 0.0
            for i in range(0, 80, 40):
                scores, state = net(val[:, i : i + 40], state)
                total += nn.functional.cross_entropy(scores.reshape(-1, 60), val[:, i + 1 : i + 41].reshape(-1)).item()
    return total


if __name__ == "__main__":
    print(train())
