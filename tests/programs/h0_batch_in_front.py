import torch
from torch import nn


class GestureGRU(nn.Module):
    def __init__(self, joints=21, hidden=50, layers=2, gestures=8):
        super().__init__()
        self.hidden = hidden
        self.layers = layers
        self.gru = nn.GRU(joints * 3, hidden, layers, batch_first=True)
        self.bn = nn.BatchNorm1d(hidden)
        self.cls = nn.Linear(hidden, gestures)

    def forward(self, frames):
        b = frames.size(0)
        h0 = torch.zeros(b, self.layers, self.hidden, device=frames.device)
        out, hn = self.gru(frames.flatten(2), h0)
        return self.cls(self.bn(out[:, -1]))


def run():
    net = GestureGRU()
    opt = torch.optim.SGD(net.parameters(), 0.05)
    lossf = nn.CrossEntropyLoss()
    for _ in range(4):
        frames = torch.randn(16, 30, 21, 3)
        gesture = torch.randint(8, (16,))
        opt.zero_grad()
        l = lossf(net(frames), gesture)
        l.backward()
        opt.step()


if __name__ == "__main__":
    run()
