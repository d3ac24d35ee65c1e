import torch
import torch.nn as nn


class Forecast(nn.Module):
    def __init__(self, n_in=7, n_hidden=32, n_layers=1, n_out=1):
        super().__init__()
        self.rnn = nn.LSTM(n_in, n_hidden, n_layers, batch_first=True)
        self.drop = nn.Dropout(0.2)
        self.fc1 = nn.Linear(n_hidden, 16)
        self.fc2 = nn.Linear(16, n_out)

    def forward(self, window):
        h = self.rnn(window)
        h = self.drop(h)
        h = torch.relu(self.fc1(h[:, -1, :]))
        return self.fc2(h)
