import torch
from torch import nn


class Stack(nn.Module):
    def __init__(self, n_in=3, sizes=(20, 14)):
        super().__init__()
        self.sizes = sizes
        self.cells = nn.ModuleList()
        for size in sizes:
            self.cells.append(nn.LSTMCell(n_in, size))
            n_in = size
        self.out = nn.Linear(n_in, 3)

    def forward(self, xs, state=None):
        if state is None:
            state = [(xs.new_zeros(xs.size(0), s), xs.new_zeros(xs.size(0), s)) for s in self.sizes]
        ys = []
        for x in xs.unbind(1):
            for i, cell in enumerate(self.cells):
                h, c = cell(x, state[i])
                state[i] = (h, c)
                x = h
            ys.append(self.out(x))
        return torch.stack(ys, 1), state


def train():
    net = Stack()
    opt = torch.optim.Adam(net.parameters())
    series = torch.randn(4, 40, 3).cumsum(1)
    state = None
    for start in range(0, 30, 10):
        x, y = series[:, start : start + 10], series[:, start + 1 : start + 11]
        pred, state = net(x, state)
        loss = nn.functional.mse_loss(pred, y)
        opt.zero_grad()
        loss.backward()
        opt.step()
        state = [(h.detach(), c.detach()) for h, c in state]


if __name__ == "__main__":
    train()
