import torch
import torch.nn as nn


class StepCounter(nn.Module):
    # weight_ih_l0 has shape (80, 3) - why 80 when my hidden size is 20?
    def __init__(self, axes=3, hidden=20):
        super().__init__()
        self.lstm = nn.LSTM(axes, hidden, batch_first=True)
        self.fc = nn.Linear(hidden, 1)

    def forward(self, x):
        _, (h, _) = self.lstm(x)
        return self.fc(h[-1])


def main():
    net = StepCounter()
    for name, p in net.named_parameters():
        print(name, tuple(p.shape))
    walk, steps = torch.randn(5, 50, 3), torch.rand(5, 1) * 60
    opt = torch.optim.Adam(net.parameters(), lr=1e-3)
    for _ in range(3):
        loss = nn.functional.mse_loss(net(walk), steps)
        opt.zero_grad()
        loss.backward()
        opt.step()


if __name__ == "__main__":
    main()
