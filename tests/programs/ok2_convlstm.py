import torch
import torch.nn as nn

cfg = dict(image_size=(48, 48), in_ch=1, hidden=(8, 8), kernel=3, out_steps=3)


class ConvLSTMCell(nn.Module):
    def __init__(self, input_dim, hidden_dim, kernel_size, image_size):
        super().__init__()
        self.hidden_dim = hidden_dim
        self.height, self.width = image_size
        self.conv = nn.Conv2d(input_dim + hidden_dim, 4 * hidden_dim, kernel_size, padding=kernel_size // 2)

    def forward(self, x, state):
        h, c = state
        gates = self.conv(torch.cat([x, h], dim=1))
        i, f, o, g = torch.split(gates, self.hidden_dim, dim=1)
        c = torch.sigmoid(f) * c + torch.sigmoid(i) * torch.tanh(g)
        return torch.sigmoid(o) * torch.tanh(c), c

    def init_hidden(self, batch_size):
        shape = (batch_size, self.hidden_dim, self.height, self.width)
        return torch.zeros(shape), torch.zeros(shape)


class ConvLSTM(nn.Module):
    def __init__(self, in_ch, hidden, kernel, image_size):
        super().__init__()
        cells, last = [], in_ch
        for h in hidden:
            cells.append(ConvLSTMCell(last, h, kernel, image_size))
            last = h
        self.cells = nn.ModuleList(cells)

    def forward(self, frames):
        states = [cell.init_hidden(frames.size(0)) for cell in self.cells]
        for t in range(frames.size(1)):
            x = frames[:, t]
            for k, cell in enumerate(self.cells):
                states[k] = cell(x, states[k])
                x = states[k][0]
        return x


class NowcastNet(nn.Module):
    """radar frames (B, T, 1, H, W) -> the next frames"""

    def __init__(self, config=cfg):
        super().__init__()
        self.rnn = ConvLSTM(config["in_ch"], config["hidden"], config["kernel"], config["image_size"])
        self.head = nn.Conv2d(config["hidden"][-1], config["out_steps"], 1)

    def forward(self, frames):
        return self.head(self.rnn(frames))


if __name__ == "__main__":
    print(NowcastNet()(torch.rand(2, 5, 1, 48, 48)).shape)
