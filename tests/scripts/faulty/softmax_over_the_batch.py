# finds: softmax-axis
import torch
import torch.nn as nn
import torch.nn.functional as F
from torch.utils.data import DataLoader, TensorDataset


class Net(nn.Module):
    def __init__(self):
        super().__init__()
        self.a = nn.Linear(16, 64)
        self.b = nn.Linear(64, 10)

    def forward(self, x):
        h = torch.relu(self.a(x))
        return F.log_softmax(self.b(h), dim=0)  # here


def main(lr=0.05, epochs=2):
    torch.manual_seed(0)
    x = torch.randn(640, 16)
    loader = DataLoader(TensorDataset(x, x[:, :10].argmax(1)), 64, shuffle=True)
    net = Net()
    optimizer = torch.optim.SGD(net.parameters(), lr=lr)
    for epoch in range(epochs):
        net.train()
        for batch_idx, (data, target) in enumerate(loader):
            optimizer.zero_grad()
            output = net(data)
            loss = F.nll_loss(output, target)
            loss.backward()
            optimizer.step()
            if batch_idx % 5 == 0:
                print(f"Train Epoch: {epoch} Loss: {loss.item():.6f}")


main()
