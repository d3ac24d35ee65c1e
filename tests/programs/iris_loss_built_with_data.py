import torch
import torch.nn as nn
import torch.optim as optim


class IrisNet(nn.Module):
    def __init__(self, inputs=4, hidden=10, classes=3):
        super().__init__()
        self.fc1 = nn.Linear(inputs, hidden)
        self.fc2 = nn.Linear(hidden, hidden)
        self.fc3 = nn.Linear(hidden, classes)

    def forward(self, x):
        x = torch.relu(self.fc1(x))
        x = torch.relu(self.fc2(x))
        return self.fc3(x)


def main():
    X = torch.randn(120, 4)
    Y = torch.randint(0, 3, (120,))
    net = IrisNet()
    optimizer = optim.SGD(net.parameters(), lr=0.1)
    losses = []
    for epoch in range(10):
        for i in range(0, 120, 30):
            optimizer.zero_grad()
            outputs = net(X[i : i + 30])
            loss = nn.CrossEntropyLoss(outputs, Y[i : i + 30])
            loss.backward()
            optimizer.step()
        losses.append(loss.item())
    return losses


if __name__ == "__main__":
    print(main())
