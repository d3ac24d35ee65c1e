from torch import nn


class Net(nn.Module):
    def __init__(self, input_dim, hidden_dim, num_classes=10):
        super().__init__()
        self.fc1 = nn.Linear(input_dim, hidden_dim)
        self.fc2 = nn.Linear(hidden_dim, num_classes)

    def forward(self, x):
        return self.fc2(self.fc1(x).relu())
