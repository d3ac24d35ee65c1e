import torch
import torch.nn as nn


class ConvLSTM(nn.Module):
    def __init__(self, channels=9, hidden=32, classes=6):
        super().__init__()
        self.conv1 = nn.Conv1d(channels, 64, 5)
        self.pool = nn.MaxPool1d(2)
        self.conv2 = nn.Conv1d(64, 64, 5)
        self.lstm = nn.LSTM(64, hidden, batch_first=True)
        self.fc = nn.Linear(hidden, classes)

    def forward(self, x):
        x = self.pool(torch.relu(self.conv1(x)))
        x = self.pool(torch.relu(self.conv2(x)))
        x = x.view(-1, 30, 64)
        out, _ = self.lstm(x)
        return self.fc(out[:, -1])


windows = torch.randn(10, 9, 128)
if __name__ == "__main__":
    model = ConvLSTM()
    print(model(windows).shape)
