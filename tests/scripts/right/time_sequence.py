# LBFGS with a closure, an LSTM cell stepped by hand.
import torch
from torch import nn, optim


class Sequence(nn.Module):
    def __init__(self):
        super().__init__()
        self.lstm1 = nn.LSTMCell(1, 8)
        self.lstm2 = nn.LSTMCell(8, 8)
        self.linear = nn.Linear(8, 1)

    def forward(self, values, future=0):
        outputs = []
        h_t, c_t = torch.zeros(values.size(0), 8), torch.zeros(values.size(0), 8)
        h_t2, c_t2 = torch.zeros(values.size(0), 8), torch.zeros(values.size(0), 8)
        for input_t in values.split(1, dim=1):
            h_t, c_t = self.lstm1(input_t, (h_t, c_t))
            h_t2, c_t2 = self.lstm2(h_t, (h_t2, c_t2))
            output = self.linear(h_t2)
            outputs += [output]
        for _ in range(future):
            h_t, c_t = self.lstm1(output, (h_t, c_t))
            h_t2, c_t2 = self.lstm2(h_t, (h_t2, c_t2))
            output = self.linear(h_t2)
            outputs += [output]
        return torch.cat(outputs, dim=1)


torch.manual_seed(0)
waves = torch.sin(torch.arange(21).float() / 3 + torch.rand(6, 1) * 6)
seq = Sequence()
criterion = nn.MSELoss()
optimizer = optim.LBFGS(seq.parameters(), lr=0.8, max_iter=4)
for step in range(4):

    def closure():
        optimizer.zero_grad()
        loss = criterion(seq(waves[:, :-1]), waves[:, 1:])
        loss.backward()
        return loss

    optimizer.step(closure)
    with torch.no_grad():
        pred = seq(waves[:1, :-1], future=5)
        print(step, criterion(pred[:, :-5], waves[:1, 1:]).item())
