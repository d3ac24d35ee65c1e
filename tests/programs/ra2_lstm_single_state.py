import torch
import torch.nn as nn


class TrafficLSTM(nn.Module):
    """24 hours of 5 sensors -> the next hour"""

    def __init__(self, input_size=5, hidden_size=32, num_layers=2, output_size=5, cell="LSTM"):
        super().__init__()
        self.num_layers = num_layers
        self.hidden_size = hidden_size
        self.cell = cell
        self.bn = nn.BatchNorm1d(input_size)
        self.rnn = getattr(nn, cell)(input_size, hidden_size, num_layers, batch_first=True)
        self.drop = nn.Dropout(0.2)
        self.fc = nn.Linear(hidden_size, output_size)

    def forward(self, x):
        x = self.bn(x.transpose(1, 2)).transpose(1, 2)
        h0 = torch.zeros(self.num_layers, x.size(0), self.hidden_size).to(x.device)
        out, _ = self.rnn(x, h0)
        return self.fc(self.drop(out[:, -1, :]))


def windows(series, length):
    return torch.stack([series[i:i + length] for i in range(len(series) - length)])


def main():
    series = torch.sin(torch.arange(60.0)).unsqueeze(1).repeat(1, 5)
    x = windows(series, 24)[:8]
    model = TrafficLSTM()
    print(model(x).shape)


if __name__ == "__main__":
    main()
