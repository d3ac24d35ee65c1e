from torch import nn

try:
    from torchinfo import summary
except ImportError:

    def summary(model, input_size):
        return model


class Net(nn.Module):
    def __init__(self, channels, size):
        super().__init__()
        self.conv = nn.Conv2d(channels, 4, 3)
        self.fc = nn.Linear(4 * (size - 2) ** 2, 2)

    def forward(self, x):
        return self.fc(self.conv(x).flatten(1))


if __name__ == "__main__":
    net = Net(channels=1, size=20)
    summary(net, input_size=(8, 1, 20, 20))
