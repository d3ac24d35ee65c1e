import torch
from torch import nn


class ConvLSTMCell(nn.Module):
    def __init__(self, cin, hidden):
        super().__init__()
        self.hidden = hidden
        self.conv = nn.Conv2d(cin + hidden, 4 * hidden, 3, padding=1)

    def forward(self, x, state):
        h, c = state
        i, f, o, g = self.conv(torch.cat([x, h], 1)).chunk(4, 1)
        c = f.sigmoid() * c + i.sigmoid() * g.tanh()
        return o.sigmoid() * c.tanh(), c


class ConvLSTM(nn.Module):
    def __init__(self, cin=1, hidden=8):
        super().__init__()
        self.cell = ConvLSTMCell(cin, hidden)
        self.hidden = hidden

    def forward(self, frames):
        b, t, c, h, w = frames.shape
        state = (frames.new_zeros(b, self.hidden, h, w), frames.new_zeros(b, self.hidden, h, w))
        out = []
        for step in range(t):
            state = self.cell(frames[:, step], state)
            out.append(state[0])
        return torch.stack(out, 1)
