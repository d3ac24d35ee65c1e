import torch
import torch.nn as nn


class StackedLSTMCells(nn.Module):
    def __init__(self, input_size=6, hidden=12, depth=2):
        super().__init__()
        self.hidden = hidden
        self.cells = []
        for k in range(depth):
            self.cells.append(nn.LSTMCell(input_size if k == 0 else hidden, hidden))

    def forward(self, series):
        # series: (time, batch, input)
        state = [(torch.zeros(series.size(1), self.hidden),) * 2 for _ in self.cells]
        for x in series:
            for k, cell in enumerate(self.cells):
                state[k] = cell(x, state[k])
                x = state[k][0]
        return x


def learn():
    model = StackedLSTMCells()
    adam = torch.optim.Adam(model.parameters(), lr=1e-3)
    out = model(torch.randn(5, 3, 6))
    adam.zero_grad()
    out.pow(2).mean().backward()
    adam.step()


if __name__ == "__main__":
    learn()
