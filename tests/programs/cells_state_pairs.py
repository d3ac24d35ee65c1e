import torch
from torch import nn
import torch.optim as optim


class StackedCells(nn.Module):
    def __init__(self, n_in, sizes):
        super().__init__()
        self.sizes = sizes
        widths = [n_in] + sizes
        self.cells = nn.ModuleList(
            nn.LSTMCell(widths[i], widths[i + 1]) for i in range(len(sizes))
        )
        self.readout = nn.Linear(sizes[-1], 2)

    def start(self, batch):
        return [(torch.zeros(batch, self.sizes[0]), torch.zeros(batch, self.sizes[0])) for s in self.sizes]

    def forward(self, strokes):
        state = self.start(strokes.size(0))
        preds = []
        for t in range(strokes.size(1)):
            x = strokes[:, t]
            for i, cell in enumerate(self.cells):
                state[i] = cell(x, state[i])
                x = state[i][0]
            preds.append(self.readout(x))
        return torch.stack(preds, dim=1)


class Handwriting(nn.Module):
    def __init__(self):
        super().__init__()
        self.core = StackedCells(2, [48, 32])

    def forward(self, strokes):
        return self.core(strokes)


model = Handwriting()
optimizer = optim.RMSprop(model.parameters(), lr=1e-3)


def step(strokes):
    optimizer.zero_grad()
    pred = model(strokes[:, :-1])
    loss = ((pred - strokes[:, 1:]) ** 2).mean()
    loss.backward()
    optimizer.step()
    return loss.item()


if __name__ == "__main__":
    for _ in range(3):
        print(step(torch.randn(5, 12, 2).cumsum(1)))
