import torch
import torch.nn as nn
import torch.nn.functional as F


class CommandNet(nn.Module):
    """spectrogram (1 x 161 x T) and the speaker's id -> command"""

    def __init__(self, speakers=20, commands=30):
        super().__init__()
        self.conv1 = nn.Conv2d(1, 20, kernel_size=5)
        self.conv2 = nn.Conv2d(20, 20, kernel_size=5)
        self.conv2_drop = nn.Dropout2d()
        self.who = nn.Embedding(speakers, 16)
        self.fc1 = nn.Linear(16280 + 16, 100)
        self.fc2 = nn.Linear(100, commands)

    def forward(self, spect, speaker):
        x = F.relu(F.max_pool2d(self.conv1(spect), 2))
        x = F.relu(F.max_pool2d(self.conv2_drop(self.conv2(x)), 2))
        x = torch.cat([x.flatten(1), self.who(speaker)], dim=1)
        x = F.dropout(F.relu(self.fc1(x)), training=self.training)
        return F.log_softmax(self.fc2(x), dim=1)


if __name__ == "__main__":
    net = CommandNet()
    print(net(torch.randn(2, 1, 161, 201), torch.tensor([3, 7])).shape)
